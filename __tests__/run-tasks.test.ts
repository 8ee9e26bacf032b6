import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../src/adapters/system-clock.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { runTasks, type TasksOutcome } from '../src/run-tasks.ts';
import type { Check, Limits, Task } from '../src/types.ts';
import { byAgent, call, fail, say, type Line, type Script, type ScriptedReply } from '../testbed/model/script.ts';
import { checkOf, planOf, stateAfter, taskOf } from './support/run-events.ts';
import { issueOf, startModelBed, userSays, type ModelBed } from './support/spine.ts';
import { buildToolhost, startTreeBed, type BuiltToolhost, type TreeBed } from './support/tree-bed.ts';

let toolhost: BuiltToolhost;
let trees: TreeBed;
let contract: string;
let model: ModelBed | null = null;
let checked: string[];
beforeAll(async () => {
  toolhost = await buildToolhost();
  trees = await startTreeBed({ 'list.txt': 'one\n' }, toolhost.path);
  const tree = await trees.store.writeFiles(trees.base, [{ path: 'contract.txt', content: 'a\nb\n' }]);
  contract = await trees.store.commit(tree, [trees.base], 'Contract');
});
afterAll(async () => {
  await trees.close();
  await toolhost.remove();
});
beforeEach(() => {
  checked = [];
});
afterEach(async () => {
  await model?.close();
});

const configOf = (coordination: Readonly<Record<string, unknown>> = {}) =>
  loadConfig({ fileText: JSON.stringify({ coordination }), filePath: '', agentFiles: [], inputs: {} }).config;
const onBase = checkOf({ name: 'on the base' });
const bash = (command: string) => say(call('bash', { command }));
const finish = say(call('finish', { status: 'done', summary: 'Done.', tests_run: [], notes_for_dependents: '' }));
const task = (number: number, more: Partial<Task> = {}) => taskOf(number, { owns: ['**'], acceptance: [], ...more });

/** Runs tasks on the contract's commit. */
async function outcomeOf(
  tasks: readonly Task[],
  lines: readonly Line[],
  more: {
    readonly limits?: Partial<Limits>;
    readonly signal?: AbortSignal;
    readonly checks?: (commit: string) => Promise<readonly Check[]>;
    /** Checks on the head that the tasks start from. */
    readonly start?: () => Promise<readonly Check[]>;
    readonly onMerged?: () => void;
    readonly managerCalls?: number;
    readonly coordination?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<TasksOutcome> {
  model = await startModelBed(byAgent(...lines), more.limits);
  return runTasks(
    {
      issue: issueOf(),
      plan: planOf(tasks),
      config: configOf(more.coordination),
      briefed: false,
      nonce: 'n0nce',
      managerCalls: more.managerCalls ?? 1,
      shared: userSays('The brief.'),
      baseCommit: trees.base,
      head: { commit: contract, checks: (await more.start?.()) ?? [onBase] },
      integrationBranch: 'ai/issue-1',
    },
    {
      ...model,
      ...(more.signal === undefined ? {} : { signal: more.signal }),
      clock: systemClock,
      git: trees.store,
      trees: trees.trees,
      checkCommit: (commit, phase) => {
        checked.push(`${phase} ${commit}`);
        return more.checks?.(commit) ?? Promise.resolve([checkOf({ name: `after ${phase}` })]);
      },
      runAcceptance: () => Promise.resolve([]),
      failsWithout: () => Promise.resolve([]),
      findBlocks: () => Promise.resolve([]),
      stopReason: () => null,
      onBranch: () => more.onMerged?.(),
    },
  );
}

const json = (value: unknown) => say(JSON.stringify(value));
const review = (...turns: Line['turns']): Line => ({ match: 'you review a change that others made', turns });
const decision = (...turns: Line['turns']): Line => ({ match: 'An agent cannot go on; decide', turns });
const reopened = (...turns: Line['turns']): Line => ({ match: 'This task is reopened', turns });
const finding = (why: string, more = {}) => ({ severity: 'high', file: 'list.txt', line: 2, why, ...more });
const faulty = (why: string) => json({ findings: [finding(why)], verdict: 'faulty' });
const sound = json({ findings: [], verdict: 'sound' });
/** Each review is a conversation of its own: these are the first turns of one after another. */
function oneAfterAnother(...turns: readonly ScriptedReply[]): Script {
  let asked = 0;
  return () => turns[asked++] ?? say('There are no more.');
}
const agent = (number: number, ...turns: Line['turns']): Line => ({ match: `## Task TASK-00${number}:`, turns });

test('what changed is counted once a path, over all tasks and the contract', async () => {
  const { integration, final } = await outcomeOf(
    [task(1), task(2, { dependsOn: ['TASK-001'] })],
    [agent(1, bash('echo two >> list.txt'), finish), agent(2, bash('echo three >> list.txt'), finish)],
  );
  expect(integration.changedFiles).toEqual([
    { path: 'contract.txt', status: 'added', addedLines: 2, deletedLines: 0 },
    { path: 'list.txt', status: 'modified', addedLines: 2, deletedLines: 0 },
  ]);
  expect(integration.result).toBe(integration.commit);
  expect(final).toEqual([checkOf({ name: 'after merge' })]);
});

describe('where nothing was merged', () => {
  const half = agent(1, bash('echo two >> list.txt'));

  test("the unfinished work of a run's only task is the result, and is checked", async () => {
    const { integration, results, final } = await outcomeOf([task(1)], [half], { limits: { maxApiCalls: 1 } });
    expect(results).toMatchObject([{ status: 'partial' }]);
    expect(integration.result).toBe(results[0]?.commit);
    expect(integration.changedFiles.map(({ path }) => path)).toEqual(['contract.txt', 'list.txt']);
    expect(checked).toEqual([`final ${integration.result}`]);
    expect(final).toEqual([checkOf({ name: 'after final' })]);
  });

  test('a run that was stopped has no result of checks rather than that of the base', async () => {
    const stop = new AbortController();
    const stopping = () => {
      stop.abort();
      return bash('true');
    };
    const lines = [agent(1, bash('echo two >> list.txt'), stopping)];
    const { integration, final } = await outcomeOf([task(1)], lines, { signal: stop.signal });
    expect(integration.changedFiles).toHaveLength(2);
    expect([checked, final]).toEqual([[], []]);
  });

  test('of several tasks there is no result, and no file counts', async () => {
    const lines = [half, agent(2, bash('echo 2 > two.txt'))];
    const { integration } = await outcomeOf([task(1), task(2)], lines, { limits: { maxApiCalls: 2 } });
    expect(integration).toMatchObject({ commit: contract, result: null, changedFiles: [] });
  });
});

describe('the review of the integrated work', () => {
  const long = bash('seq 1 20 >> list.txt');
  const small = bash('echo two >> list.txt');

  test('is left out for a small change whose checks pass, and asked for when they do not', async () => {
    await outcomeOf([task(1)], [agent(1, small, finish)]);
    expect(model?.reporter.of('review.ended')).toEqual([]);
    await model?.close();
    const failing = () => Promise.resolve([checkOf({ name: 'on the base', exitCode: 1, failures: [] })]);
    await outcomeOf([task(1)], [agent(1, small, finish), review(sound)], { checks: failing, start: failing });
    expect(model?.reporter.of('review.ended')).toMatchObject([{ round: 1, verdict: 'sound', findings: [] }]);
  });

  test('sees the request, acceptance, diff and checks, and nothing of the agents', async () => {
    const words = say('My secret thoughts.', call('bash', { command: 'seq 1 20 >> list.txt' }));
    await outcomeOf([task(1, { acceptance: ['true'] })], [agent(1, words, finish), review(sound)]);
    const asked = model?.server.requests.at(-1)?.request;
    expect(asked?.openingText).toMatch(/Add a login form[^]*TASK-001[^]*`true`[^]*\+20\n/);
    expect(asked?.openingText).not.toMatch(/secret thoughts|The brief|Do the work of|Build part 1 details/);
    expect(asked).toMatchObject({ turn: 0, toolChoice: 'none' });
  });

  test('that finds a fault of high severity has its owner mend it on the integrated head', async () => {
    const { integration, results } = await outcomeOf(
      [task(1), task(2, { owns: ['other.txt'] })],
      [
        review(oneAfterAnother(faulty('Line 2 is wrong.'), sound)),
        reopened(bash('tail -n +3 list.txt > x; mv x list.txt'), finish),
        agent(1, long, finish),
        agent(2, bash('echo 2 > other.txt'), finish),
      ],
      { coordination: { max_parallel: 1 } },
    );
    const started = model?.reporter.of('task.started') ?? [];
    expect(started.map(({ taskId }) => taskId)).toEqual(['TASK-001', 'TASK-002', 'TASK-001']);
    expect(started[2]?.branch).toBe(started[0]?.branch);
    const told = model?.server.requests.find(({ request }) =>
      request.ownText.includes('This task is reopened'),
    )?.request;
    expect(told?.ownText).toContain('- list.txt:2: Line 2 is wrong.');
    expect(told?.turn).toBe(0);
    expect(await trees.store.readFile(integration.commit, 'list.txt')).toMatch(/^2\n3\n/);
    expect(await trees.store.readFile(integration.commit, 'other.txt')).toBe('2\n');
    expect(results).toMatchObject([
      { status: 'completed', turns: 4, changedFiles: [{ path: 'list.txt', addedLines: 20 }] },
      { status: 'completed', turns: 2 },
    ]);
    expect(results[0]?.usage.requests).toBe(4);
    const numbers = model?.reporter.of('model.replied').filter(({ agent: who }) => who === 'TASK-001');
    expect(numbers?.map(({ turn }) => turn)).toEqual([1, 2, 3, 4]);
    // What its own agent mended is not lost.
    expect(integration.lost).toEqual([]);
    expect(integration.merges).toMatchObject([{ status: 'merged' }, { status: 'merged' }]);
  });

  test('is repeated after a mending, and ends after two of them', async () => {
    let round = 0;
    const again = () => faulty(`Fault ${++round}.`);
    await outcomeOf(
      [task(1)],
      [
        review(again),
        { match: /is reopened[^]*Fault 1/, turns: [bash('echo a >> list.txt'), finish] },
        { match: /is reopened[^]*Fault 2/, turns: [bash('echo b >> list.txt'), finish] },
        agent(1, long, finish),
      ],
    );
    expect(model?.server.refusals).toEqual([]);
    const reviews = model?.reporter.of('review.ended') ?? [];
    expect(reviews.map(({ round: number, findings }) => [number, findings[0]?.why])).toEqual([
      [1, 'Fault 1.'],
      [2, 'Fault 2.'],
      [3, 'Fault 3.'],
    ]);
    expect(model?.reporter.of('task.started')).toHaveLength(3);
  });

  test('whose fault stays unmended leaves what was merged as it was', async () => {
    const blocked = say(
      call('finish', { status: 'blocked', summary: 'It is right.', tests_run: [], notes_for_dependents: '' }),
    );
    const { integration, results } = await outcomeOf(
      [task(1)],
      [
        review(faulty('Wrong.')),
        reopened(bash('echo half >> list.txt'), blocked),
        decision(json({ rationale: 'r', action: 'abandon', text: 'So be it.', paths: [], acceptance: [] })),
        agent(1, long, finish),
      ],
    );
    expect(results).toMatchObject([{ status: 'completed', reason: null, turns: 4 }]);
    expect(integration.merges).toMatchObject([{ status: 'merged' }]);
    expect(await trees.store.readFile(integration.commit, 'list.txt')).not.toContain('half');
    expect(await trees.store.readFile(results[0]?.commit ?? '', 'list.txt')).toContain('half');
    expect(model?.reporter.of('merge.ended').map(({ merge }) => merge.status)).toEqual(['merged', 'merged']);
    expect(model?.reporter.of('task.ended').map(({ result }) => result.status)).toEqual(['completed', 'completed']);
    const state = stateAfter([{ type: 'plan.accepted', plan: planOf([task(1)]) }, ...(model?.reporter.events ?? [])]);
    expect(state.tasks).toMatchObject([{ status: 'completed', merge: { status: 'merged' } }]);
  });

  test('leaves findings of lower severity to people', async () => {
    const minor = json({ findings: [finding('Slow.', { severity: 'medium' })], verdict: 'sound' });
    await outcomeOf([task(1)], [review(minor), agent(1, long, finish)]);
    expect(model?.reporter.of('review.ended')).toMatchObject([{ findings: [{ severity: 'medium', why: 'Slow.' }] }]);
    expect(model?.reporter.of('task.started')).toHaveLength(1);
  });

  test.each([
    ['a limit leaves no room', { limits: { maxApiCalls: 2 } }, [], /The limit limits\.max_api_calls is 2/],
    ['its reply cannot be read', {}, [say('Fine.'), say('Fine!')], /could not be read/],
  ])('is left out with a warning when %s, and the run is whole', async (_why, more, turns, warning) => {
    const { results } = await outcomeOf([task(1)], [review(...turns), agent(1, long, finish)], more);
    expect(results).toMatchObject([{ status: 'completed' }]);
    expect(model?.reporter.of('limit.reached')).toEqual([]);
    expect(model?.reporter.of('warning')).toMatchObject([{ message: expect.stringMatching(warning) }]);
  });
});

describe('a model that cannot be used', () => {
  const refused = [agent(1, fail(401))];

  test('ends the run with the error of the user, where its first agent is the first to ask', async () => {
    await expect(outcomeOf([task(1)], refused, { managerCalls: 0 })).rejects.toMatchObject({ code: 'model-auth' });
  });

  test('is the failure of a task once it has answered', async () => {
    const later = [agent(1, bash('echo two >> list.txt'), fail(401))];
    const { results } = await outcomeOf([task(1)], later, { managerCalls: 0 });
    expect(results).toMatchObject([{ status: 'partial', reason: expect.stringMatching(/^The model did not answer/) }]);
    await model?.close();
    expect((await outcomeOf([task(1)], refused)).results).toMatchObject([{ status: 'partial' }]);
  });
});

test('the manager helps an agent that is stuck, from the shared prefix', async () => {
  const silent = [say('Hm.'), say('Hm.'), say('Hm.')];
  const advice = json({
    rationale: 'It did not look.',
    action: 'guide',
    text: 'Append to list.txt.',
    paths: [],
    acceptance: [],
  });
  const { results } = await outcomeOf(
    [task(1)],
    [decision(advice), agent(1, ...silent, bash('echo two >> list.txt'), finish)],
  );
  expect(results).toMatchObject([{ status: 'completed' }]);
  const asked = model?.server.requests[3]?.request;
  expect(asked?.openingText).toMatch(/^The brief\.\n# Your part: you are the manager/);
  expect(model?.reporter.of('model.replied')[3]).toMatchObject({ agent: 'manager', turn: 2 });
});

test('work that its owner cannot bring together with the rest is done anew by one agent, with both diffs', async () => {
  const alone = { coordination: { max_parallel: 2 } };
  let merged = (): void => undefined;
  const firstIsIn = new Promise<void>((resolve) => (merged = resolve));
  const blocked = say(
    call('finish', { status: 'blocked', summary: 'They clash.', tests_run: [], notes_for_dependents: '' }),
  );
  const { integration, results } = await outcomeOf(
    [task(1), task(2)],
    [
      { match: 'Bring this task together with the rest', turns: [bash('echo both >> list.txt'), finish] },
      decision(json({ rationale: 'r', action: 'abandon', text: 'Too tangled.', paths: [], acceptance: [] })),
      agent(1, bash('echo first > list.txt'), finish),
      agent(2, bash('echo second > list.txt'), async () => (await firstIsIn, finish), blocked),
    ],
    { ...alone, onMerged: () => merged() },
  );
  const told = model?.server.requests.find(({ request }) => request.ownText.includes('Bring this task'))?.request;
  expect(told?.ownText).toMatch(/\+second[^]*\+first/);
  expect(await trees.store.readFile(integration.commit, 'list.txt')).toBe('first\nboth\n');
  expect(results).toMatchObject([{ status: 'completed' }, { status: 'completed', reason: null }]);
  const second = results[1]?.commit ?? '';
  for (const { commit } of model?.reporter.of('task.ended').map(({ result }) => result) ?? [])
    if (commit !== null)
      expect((await trees.store.isAncestor(commit, second)) || commit === results[0]?.commit).toBe(true);
});
