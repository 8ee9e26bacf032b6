import { describe, expect, test } from '@jest/globals';
import { collapsePlan } from '../../src/plan/collapse-plan.ts';
import { planReply, replyTask } from '../support/spine.ts';

const contract = { summary: 'the user type', files: [{ path: 'src/types.ts', content: 'export type User = string;' }] };
const two = [
  replyTask(1, { estimated_turns: 12, owns: ['src/**', 'docs/**'] }),
  replyTask(2, {
    estimated_turns: 18,
    owns: ['src/**', 'web/**'],
    assigned_to: 'frontend-dev',
    dependencies: ['TASK-001'],
  }),
];

describe('a plan that may not be split', () => {
  const earlier = { decision: 'No cookies', rationale: 'asked for', affected_agents: [] };
  const reply = planReply(two, { contract, decisions: [earlier] });
  const collapsed = collapsePlan(reply, ['it is small', 'it is one thought'], 40);
  const [task] = collapsed.tasks;

  test('becomes one task that loses nothing', () => {
    expect(collapsed.tasks).toHaveLength(1);
    expect(task).toMatchObject({
      task_id: 'TASK-001',
      title: 'Build part 1; Build part 2',
      dependencies: [],
      owns: ['src/**', 'docs/**', 'web/**', 'src/types.ts'],
      deliverables: ['part 1', 'part 2'],
      acceptance: ['npm test -- part1', 'npm test -- part2'],
      estimated_turns: 30,
    });
    for (const words of [
      '1. Build part 1',
      'Details of part 1.',
      '2. Build part 2',
      'Details of part 2.',
      'the user type',
    ]) {
      expect(task?.description).toContain(words);
    }
    expect(task?.description).toContain('src/types.ts:\nexport type User = string;');
    expect(collapsed.contract).toBeNull();
  });

  test('goes to the role with the most work, and says why', () => {
    expect(task?.assigned_to).toBe('frontend-dev');
    expect(collapsed.decisions).toEqual([
      earlier,
      {
        decision: 'One agent does all 2 proposed tasks.',
        rationale: 'Splitting was refused: it is small; it is one thought.',
        affected_agents: ['frontend-dev'],
      },
    ]);
  });

  test('is never refused for the sum of its turns', () => {
    expect(collapsePlan(reply, ['it is small'], 25).tasks[0]?.estimated_turns).toBe(25);
  });
});

test('a plan that may be split stays as it is', () => {
  const reply = planReply(two, { contract });
  expect(collapsePlan(reply, [], 40)).toBe(reply);
});

test('a single task stays as it is, and takes in a contract that nobody else needs', () => {
  const alone = planReply([replyTask(1)]);
  expect(collapsePlan(alone, [], 40)).toBe(alone);
  const { tasks, decisions, ...rest } = collapsePlan(
    planReply([replyTask(1, { estimated_turns: 99 })], { contract }),
    [],
    40,
  );
  expect(rest.contract).toBeNull();
  expect(decisions).toEqual([]);
  expect(tasks[0]).toMatchObject({ estimated_turns: 99, owns: ['src/part1/**', 'src/types.ts'] });
  expect(tasks[0]?.description).toMatch(/^Details of part 1\.\n\nShared interface: the user type/);
});
