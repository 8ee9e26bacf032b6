import { describe, expect, test } from '@jest/globals';
import { judgeGraph, judgePlan, type JudgeContext } from '../../src/plan/judge-plan.ts';
import { planReply, replyTask } from '../support/spine.ts';

const context: JudgeContext = {
  workerRoles: ['backend-dev', 'frontend-dev'],
  maxTurnsPerTask: 40,
  acceptanceNeeded: true,
  isProtected: (path: string) => path.startsWith('.github/'),
};
const judged = (tasks: Parameters<typeof planReply>[0], more: Partial<JudgeContext> = {}) =>
  judgePlan(planReply(tasks), { ...context, ...more });

describe('the graph of tasks', () => {
  test('without faults has none', () => {
    expect(judgeGraph([replyTask(1), replyTask(2, { dependencies: ['TASK-001'] })])).toEqual([]);
  });

  test('may use an id only once', () => {
    expect(judgeGraph([replyTask(1), replyTask(1), replyTask(1)])).toEqual([
      'TASK-001: this task id is used more than once.',
    ]);
  });

  test('may name only tasks that are there', () => {
    expect(judgeGraph([replyTask(1, { dependencies: ['TASK-009'] })])).toEqual([
      'TASK-001: depends on TASK-009, which is not a task.',
    ]);
  });

  test('may not run in a circle, and the circle is shown', () => {
    const tasks = [
      replyTask(1, { dependencies: ['TASK-003'] }),
      replyTask(2, { dependencies: ['TASK-001'] }),
      replyTask(3, { dependencies: ['TASK-002'] }),
    ];
    expect(judgeGraph(tasks)).toEqual(['dependencies: TASK-001 -> TASK-003 -> TASK-002 -> TASK-001 is a cycle.']);
    expect(judgeGraph([replyTask(1, { dependencies: ['TASK-001'] })])).toEqual([
      'dependencies: TASK-001 -> TASK-001 is a cycle.',
    ]);
  });
});

describe('a plan', () => {
  test('in order has no faults', () => {
    expect(judged([replyTask(1), replyTask(2, { assigned_to: 'frontend-dev' })])).toEqual([]);
  });

  test('needs a task, and not too many', () => {
    expect(judged([])).toEqual(['tasks: there must be at least one task.']);
    const nine = Array.from({ length: 9 }, (_, i) => replyTask(i + 1));
    expect(judged(nine)).toEqual(['tasks: at most 8, found 9.']);
  });

  test('is told of all faults of a task at once', () => {
    const bad = replyTask(1, { assigned_to: 'manager', owns: [], acceptance: [' '], estimated_turns: 41 });
    expect(judged([bad])).toEqual([
      'TASK-001: assigned_to "manager" is not an agent; there are: backend-dev, frontend-dev.',
      'TASK-001: owns must name at least one glob.',
      'TASK-001: acceptance must hold at least one command.',
      'TASK-001: estimated_turns 41 is over the limit of 40 turns a task; make it smaller.',
    ]);
  });

  test('may go without acceptance commands where the project has no checks', () => {
    expect(judged([replyTask(1, { acceptance: [] })], { acceptanceNeeded: false })).toEqual([]);
  });

  test.each(['/etc/passwd', '../out', 'a/../b', '.git/hooks/x', 'a/.GIT/config', 'a\\b', '', '!src/**'])(
    'may not own %p',
    (path) => {
      expect(judged([replyTask(1, { owns: [path] })])).toEqual([expect.stringContaining(`owns: "${path}" must be`)]);
      const contract = { summary: 'x', files: [{ path, content: '' }] };
      expect(judgePlan(planReply([replyTask(1)], { contract }), context)).toEqual([
        expect.stringContaining(`contract.files: "${path}" must be`),
      ]);
    },
  );
});

test('a contract may not hold what only people change', () => {
  const contract = { summary: 'x', files: [{ path: '.github/workflows/x.yml', content: '' }] };
  expect(judgePlan(planReply([replyTask(1)], { contract }), context)).toEqual([
    'contract.files: ".github/workflows/x.yml" is protected; only people change it.',
  ]);
});

describe('owned paths', () => {
  const both = [replyTask(1, { owns: ['src/**'] }), replyTask(2, { owns: ['src/new/page.ts', 'web/**'] })];

  test('of tasks that may run together must not meet, not even in files yet to be made', () => {
    expect(judged(both)).toEqual([
      'TASK-001 and TASK-002 may run at the same time but both own "src/**" and "src/new/page.ts"; make the paths disjoint or add a dependency.',
    ]);
  });

  test('may meet where one task waits for the other, over others too', () => {
    const [first = replyTask(1), second = replyTask(2)] = both;
    const between = replyTask(3, { dependencies: ['TASK-001'] });
    expect(judged([first, { ...second, dependencies: ['TASK-001'] }])).toEqual([]);
    expect(judged([first, { ...between, owns: ['lib/**'] }, { ...second, dependencies: ['TASK-003'] }])).toEqual([]);
  });

  test('may meet in files of the contract, which nobody changes', () => {
    const contract = { summary: 'types', files: [{ path: 'src/part1/types.ts', content: '' }] };
    const tasks = [replyTask(1), replyTask(2, { owns: ['src/part2/**', 'src/part1/types.ts'] })];
    expect(judgePlan(planReply(tasks, { contract }), context)).toEqual([]);
    expect(judgePlan(planReply(tasks), context)).toHaveLength(1);
  });
});
