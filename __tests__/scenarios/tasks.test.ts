// Several agents, and what goes wrong between them.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { say } from '../../testbed/model/script.ts';
import {
  agent,
  bash,
  finish,
  help,
  manager,
  meeting,
  moduleTask,
  plan,
  reply,
  task,
  write,
  writeModule,
} from '../support/scenario-model.ts';
import {
  closeProjects,
  expectStatus,
  startProject,
  WRITER,
  type Project,
  type RunOptions,
  type ScenarioRun,
} from '../support/scenario.ts';

afterEach(closeProjects);

const label = async (project: Project, options: RunOptions): Promise<ScenarioRun> =>
  project.run(await project.labelled(WRITER), options);

/** Two tasks that may run side by side, and one that needs both. */
const three = [
  moduleTask('TASK-001', 'goodbye', { estimated_turns: 32 }),
  moduleTask('TASK-002', 'thanks', { estimated_turns: 32, assigned_to: 'frontend-dev' }),
  moduleTask('TASK-003', 'both', {
    estimated_turns: 15,
    assigned_to: 'qa-tester',
    dependencies: ['TASK-001', 'TASK-002'],
    acceptance: ['npm test'],
  }),
];
const [first, second] = [moduleTask('TASK-001', 'goodbye'), moduleTask('TASK-002', 'thanks')];
const tasksOf = (run: ScenarioRun) => JSON.parse(run.outputs['tasks'] ?? '[]');

describe('a plan of several tasks', () => {
  test('is built by agents at the same time, and what needs both starts when both are merged', async () => {
    const project = await startProject();
    const together = meeting(2);
    const run = await label(project, {
      model: [
        plan(...three),
        agent('TASK-001', writeModule('goodbye'), together(finish())),
        agent('TASK-002', writeModule('thanks'), together(finish())),
        agent('TASK-003', bash('ls src'), writeModule('both'), finish()),
      ],
    });
    expectStatus(run, 'opened');
    const seen = run.modelRequests.flatMap(({ request }) => request.lastResults.map(({ content }) => content));
    expect(seen.find((content) => content.includes('greet.js'))).toMatch(/goodbye\.js[^]*thanks\.js/);
    expect(Object.keys(run.branches).sort()).toEqual([
      'ai/agents/issue-1/backend-dev/task-001',
      'ai/agents/issue-1/frontend-dev/task-002',
      'ai/agents/issue-1/qa-tester/task-003',
      'ai/issue-1',
      'main',
    ]);
    expect(tasksOf(run)).toMatchObject([{ status: 'completed' }, { status: 'completed' }, { status: 'completed' }]);
    expect(run.pullRequests[0]?.body).toContain('✅ 1 passed | ✅ 4 passed | still passes');
  });

  test('has a commit of its contract below all work', async () => {
    const project = await startProject();
    const files = [{ path: 'src/words.js', content: "export const word = 'bye';\n" }];
    const run = await label(project, {
      model: [
        manager(reply([first, second], { contract: { summary: 'the words', files } })),
        agent('TASK-001', bash('cat src/words.js'), writeModule('goodbye'), finish()),
        agent('TASK-002', bash('cat src/words.js'), writeModule('thanks'), finish()),
      ],
    });
    expectStatus(run, 'opened');
    const seen = run.modelRequests.flatMap(({ request }) => request.lastResults.map(({ content }) => content));
    expect(seen.filter((content) => content.includes("word = 'bye'"))).toHaveLength(2);
    expect(await project.subjects('ai/issue-1')).toContain('Contract: the words');
  });
});

describe('work that is not right', () => {
  test('is handed back with what failed, and passes when it is mended', async () => {
    const project = await startProject();
    const run = await label(project, {
      model: [
        plan(first),
        agent('TASK-001', writeModule('goodbye', 'wrong'), finish('All tests pass.'), writeModule('goodbye'), finish()),
      ],
    });
    expectStatus(run, 'opened');
    const [told] = run.modelRequests.flatMap(({ request }) => request.lastResults.filter(({ isError }) => isError));
    expect(told?.content).toContain('`node --test test/goodbye.test.js` failed (exit code 1)');
    expect(run.pullRequests[0]?.body).toContain('handed back once');
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain("'goodbye'");
  });

  test('fails for good, is left out with its dependents, and the rest is a draft that says so', async () => {
    const project = await startProject();
    const run = await label(project, {
      model: [
        plan(...three),
        agent('TASK-001', writeModule('goodbye'), finish()),
        agent('TASK-002', writeModule('thanks', 'wrong'), finish(), finish(), finish()),
        help('abandon', 'The test contradicts itself.'),
      ],
    });
    expect(run.exitCode).toBe(0);
    expectStatus(run, 'partial');
    expect(run.outputs['stop-reason']).toContain('TASK-002');
    expect(tasksOf(run)).toMatchObject([{ status: 'completed' }, { status: 'partial' }, { status: 'skipped' }]);
    expect(run.pullRequests).toMatchObject([{ draft: true }]);
    const body = run.pullRequests[0]?.body ?? '';
    expect(body).toContain('This is not the whole of what was asked');
    expect(body).toMatch(/TASK-002[^\n]*manager gave it up: The test contradicts itself/);
    expect(body).toMatch(/TASK-003[^\n]*it needs TASK-002, which was not merged/);
    expect(body).not.toMatch(/close[sd]? #1/i);
    await expect(project.fileOn('ai/issue-1', 'src/thanks.js')).rejects.toThrow('does not exist');
    expect(await project.fileOn('ai/agents/issue-1/frontend-dev/task-002', 'src/thanks.js')).toContain('wrong');
  });

  test('that breaks a check together with other work goes back to its owner', async () => {
    const project = await startProject({ with: { 'test/count.test.js': countTest } });
    const run = await label(project, {
      model: [
        plan(first, second),
        agent('TASK-001', writeModule('goodbye'), finish()),
        agent(
          'TASK-002',
          writeModule('thanks'),
          whenPushed(project, finish()),
          bash('rm src/thanks.js test/thanks.test.js'),
          write({ 'test/thanks.test.js': '' }),
          finish(),
        ),
      ],
    });
    expectStatus(run, 'opened');
    expect(run.pullRequests[0]?.body).toMatch(/TASK-002\*\* was handed back \(broken-check\)/);
    await expect(project.fileOn('ai/issue-1', 'src/thanks.js')).rejects.toThrow('does not exist');
  });
});

/** Fails when the project has more than two modules. */
const countTest = `import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';

test('is small', () => assert.ok(readdirSync('src').length <= 2));
`;

/** A turn that waits until the work of TASK-001 was merged, which its pushed branch shows. */
const whenPushed = (project: Project, then: ReturnType<typeof say>) => async () => {
  for (let tries = 0; tries < 200; tries++) {
    if ('ai/agents/issue-1/backend-dev/task-001' in (await project.branches())) return then;
    await sleep(100);
  }
  throw new Error('TASK-001 was not pushed');
};

test('two agents conflict, and the owner of the later work resolves it', async () => {
  // One moves a whole folder, the other adds a file to it: paths that are disjoint, and a conflict all the same.
  const project = await startProject({ with: { 'old/one.md': 'the first\n', 'old/two.md': 'the second\n' } });
  const run = await label(project, {
    model: [
      plan(
        task('TASK-001', { owns: ['old/three.md'], acceptance: ['test -f old/three.md'] }),
        task('TASK-002', { owns: ['old/one.md', 'old/two.md', 'new/**'], acceptance: ['test -f new/one.md'] }),
      ),
      agent('TASK-001', write({ 'old/three.md': 'the third\n' }), finish()),
      agent(
        'TASK-002',
        bash('mv old new'),
        whenPushed(project, finish()),
        bash('mkdir -p old && mv new/three.md old/'),
        finish('The third file stays where its owner put it.'),
      ),
    ],
  });
  expectStatus(run, 'opened');
  const told = run.modelRequests
    .map(({ request }) => request.lastText)
    .find((text) => text.includes('the two conflict'));
  expect(told).toContain('new/three.md');
  expect(run.pullRequests[0]?.body).toMatch(/TASK-002\*\* was handed back \(conflict\)/);
  expect(await project.fileOn('ai/issue-1', 'old/three.md')).toBe('the third\n');
  expect(await project.fileOn('ai/issue-1', 'new/two.md')).toBe('the second\n');
});

describe('a plan that cannot be run', () => {
  const cycle = [
    { ...first, dependencies: ['TASK-002'] },
    { ...second, dependencies: ['TASK-001'] },
  ];
  test.each([
    ['a cycle', reply(cycle), 'TASK-001 -> TASK-002 -> TASK-001 is a cycle'],
    ['an unknown agent', reply([{ ...first, assigned_to: 'wizard' }]), '"wizard" is not an agent'],
    ['broken JSON', say('{"summary": "I will'), 'The reply is not JSON'],
  ])('for %s is sent back and mended', async (_, broken, fault) => {
    const project = await startProject();
    const run = await label(project, {
      model: [manager(broken, reply([first])), agent('TASK-001', writeModule('goodbye'), finish())],
    });
    expectStatus(run, 'opened');
    expect(run.modelRequests[1]?.request.lastText).toContain(fault);
  });

  test('after two repairs becomes one task with the request as it stands', async () => {
    const project = await startProject();
    const broken = say('I would rather talk.');
    const run = await label(project, {
      model: [manager(broken, broken, broken), agent('TASK-001', writeModule('goodbye'), finish())],
    });
    expectStatus(run, 'opened');
    expect(run.pullRequests[0]?.body).toContain('could not be used after 2 repairs');
    expect(tasksOf(run)).toHaveLength(1);
  });
});

describe('a limit in the middle', () => {
  test('of calls leaves a draft with what passed', async () => {
    const project = await startProject();
    const run = await label(project, {
      inputs: { 'max-api-calls': '4', 'max-parallel': '1' },
      model: [
        plan(first, second),
        agent('TASK-001', writeModule('goodbye'), finish()),
        agent('TASK-002', writeModule('thanks')),
      ],
    });
    expect(run.outputs).toMatchObject({ status: 'partial', 'api-calls': '4' });
    expectLimit(run, 'limits.max_api_calls');
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
    expect(await project.fileOn('ai/agents/issue-1/backend-dev/task-002', 'src/thanks.js')).toContain('thanks');
  });

  test('of dollars stops before it is passed', async () => {
    const project = await startProject();
    const dear = (answer: ReturnType<typeof write>) => ({ ...answer, outputTokens: 12_000 });
    const run = await label(project, {
      inputs: { 'cost-limit-usd': '0.9', 'max-parallel': '1' },
      model: [
        plan(first, second),
        agent('TASK-001', writeModule('goodbye'), finish()),
        agent('TASK-002', ...Array.from({ length: 20 }, (_, i) => dear(write({ 'src/thanks.js': `// ${i}\n` })))),
      ],
    });
    expectStatus(run, 'partial');
    expect(Number(run.outputs['cost-usd'])).toBeLessThanOrEqual(0.9);
    expectLimit(run, 'limits.cost_limit_usd');
  });

  test('of time ends a command that hangs and leaves a draft with what passed', async () => {
    const project = await startProject();
    const run = await label(project, {
      inputs: { 'timeout-minutes': '0.1', 'max-parallel': '1' },
      model: [
        plan(first, second),
        agent('TASK-001', writeModule('goodbye'), finish()),
        agent('TASK-002', bash('sleep 60')),
      ],
    });
    expectStatus(run, 'partial');
    expectLimit(run, 'limits.timeout_minutes');
    expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
  });

  test('before anything was merged opens no pull request and says why', async () => {
    const project = await startProject();
    const run = await label(project, { inputs: { 'max-api-calls': '1' }, model: [plan(first)] });
    expect(run.outputs).toMatchObject({ status: 'partial', 'pull-request-number': '', 'api-calls': '1' });
    expect(run.pullRequests).toEqual([]);
    expect(run.comments[0]?.body).toContain('limits.max_api_calls');
  });
});

function expectLimit(run: ScenarioRun, limit: string): void {
  expect(run.exitCode).toBe(0);
  expect(run.outputs['stop-reason']).toContain(limit);
  expect(run.pullRequests).toMatchObject([{ draft: true }]);
  expect(run.pullRequests[0]?.body).toContain(`The limit \`${limit}\` is`);
  expect(run.pullRequests[0]?.body).not.toMatch(/close[sd]? #1/i);
  expect(run.comments[0]?.body).toContain('Stopped early');
}

test('a job that is cancelled ends at once, keeps what was merged and leaves nothing running', async () => {
  const project = await startProject();
  const button = new AbortController();
  const run = await label(project, {
    cancel: button.signal,
    inputs: { 'max-parallel': '1' },
    model: [
      plan(first, second),
      agent('TASK-001', writeModule('goodbye'), finish()),
      agent('TASK-002', () => {
        setTimeout(() => button.abort(), 500);
        return bash('sleep 60');
      }),
    ],
  });
  expectStatus(run, 'partial');
  expect(run.outputs['stop-reason']).toContain('stopped');
  expect(run.pullRequests).toMatchObject([{ draft: true }]);
  expect(await project.fileOn('ai/issue-1', 'src/goodbye.js')).toContain('goodbye');
});
