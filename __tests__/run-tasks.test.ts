import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../src/adapters/system-clock.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { runTasks, type TasksOutcome } from '../src/run-tasks.ts';
import type { Limits, Task } from '../src/types.ts';
import { byAgent, call, say, type Line } from '../testbed/model/script.ts';
import { checkOf, planOf, taskOf } from './support/run-events.ts';
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

const config = loadConfig({ fileText: null, filePath: '', agentFiles: [], inputs: {} }).config;
const onBase = checkOf({ name: 'on the base' });
const bash = (command: string) => say(call('bash', { command }));
const finish = say(call('finish', { status: 'done', summary: 'Done.', tests_run: [], notes_for_dependents: '' }));
const task = (number: number, more: Partial<Task> = {}) => taskOf(number, { owns: ['**'], acceptance: [], ...more });

/** Runs tasks on the contract's commit. */
async function outcomeOf(
  tasks: readonly Task[],
  lines: readonly Line[],
  more: { readonly limits?: Partial<Limits>; readonly signal?: AbortSignal } = {},
): Promise<TasksOutcome> {
  model = await startModelBed(byAgent(...lines), more.limits);
  return runTasks(
    {
      issue: issueOf(),
      plan: planOf(tasks),
      config,
      briefed: false,
      nonce: 'n0nce',
      editFormat: 'edit',
      managerCalls: 1,
      shared: userSays('The brief.'),
      baseCommit: trees.base,
      head: { commit: contract, checks: [onBase] },
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
        return Promise.resolve([checkOf({ name: `after ${phase}` })]);
      },
      runAcceptance: () => Promise.resolve([]),
      stopReason: () => null,
      onBranch: () => undefined,
    },
  );
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
