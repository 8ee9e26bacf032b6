import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BuildDeps, BuildInput } from '../../src/execute/work.ts';
import type { CommandSpec } from '../../src/ports.ts';
import type { Limits } from '../../src/types.ts';
import { runChecks } from '../../src/verify/run-checks.ts';
import { call, inOrder, say, type Turn } from '../../testbed/model/script.ts';
import { checkOf } from '../support/run-events.ts';
import { aTask as task, buildWith, noLog, taskFiles, type Built } from '../support/task-bed.ts';
import { buildToolhost, startTreeBed, type BuiltToolhost, type TreeBed } from '../support/tree-bed.ts';

let toolhost: BuiltToolhost;
let trees: TreeBed;
beforeAll(async () => {
  toolhost = await buildToolhost();
  trees = await startTreeBed(taskFiles, toolhost.path);
});
afterAll(async () => {
  await trees.close();
  await toolhost.remove();
});

let built: Built | undefined;
afterEach(async () => {
  expect(built?.bed.server.refusals).toEqual([]);
  await built?.task.close();
  await built?.bed.close();
  built = undefined;
});

async function build(
  turns: readonly Turn[],
  input: Partial<BuildInput> = {},
  limits: Partial<Limits> = {},
  help: Partial<BuildDeps> = {},
): Promise<Built> {
  built = await buildWith(inOrder(...turns), trees, { input, limits, help });
  return built;
}

const bash = (command: string) => call('bash', { command });
const finish = (summary = 'Done.', more = {}) =>
  call('finish', { status: 'done', summary, tests_run: ['grep'], notes_for_dependents: 'Mind the gap.', ...more });
const handedBack = ({ bed }: Built) =>
  bed.reporter.of('task.handed-back').map(({ kind, detail }) => `${kind}: ${detail}`);
const fileAt = (commit: string | null, path: string) => trees.store.readFile(commit ?? '', path);
const subjectOf = async (commit: string | null) => (await trees.store.readObject(commit ?? '')).bytes.toString();

describe('finished work', () => {
  test('is committed on its own branch, with the facts of git and of commands that we ran', async () => {
    const made = await build([say(bash('echo new > src/a.txt; echo x > src/x.txt')), say(finish())]);
    const { result } = made.task;
    expect(result).toMatchObject({
      status: 'completed',
      reason: null,
      turns: 2,
      claims: { summary: 'Done.', testsRun: ['grep'], notes: 'Mind the gap.' },
      checks: [{ command: 'grep -q new src/a.txt', exitCode: 0 }],
      changedFiles: [
        { path: 'src/a.txt', status: 'modified' },
        { path: 'src/x.txt', status: 'added' },
      ],
    });
    expect(result.usage).toEqual(made.bed.ledger.spent());
    expect(result.usage.requests).toBe(2);
    expect(await fileAt(result.commit, 'src/a.txt')).toBe('new\n');
    expect(await trees.store.isAncestor(trees.base, result.commit ?? '')).toBe(true);
    expect(await subjectOf(result.commit)).toContain(
      '\n\nChange a thing\n\nTASK-001 by backend-dev, made by ai-implement.\n',
    );
    expect(made.bed.reporter.of('task.ended')).toEqual([{ type: 'task.ended', result }]);
  });

  test('is what was judged: what acceptance commands leave behind is not committed', async () => {
    const leaving = { ...task, acceptance: ['echo report > src/coverage.txt; echo later >> src/a.txt'] };
    const { task: made } = await build([say(bash('echo new > src/a.txt')), say(finish())], { task: leaving });
    expect(made.result.changedFiles.map(({ path }) => path)).toEqual(['src/a.txt']);
    expect(await fileAt(made.result.commit, 'src/a.txt')).toBe('new\n');
  });

  test('without any change is no commit, and needs a reason', async () => {
    const nothing = { ...task, acceptance: [] };
    const made = await build([say(finish('  ')), say(finish('It was there already.'))], { task: nothing });
    expect(made.task.result).toMatchObject({ status: 'completed', commit: null, changedFiles: [] });
    expect(handedBack(made)).toEqual(['acceptance: nothing was changed and no reason was given']);
  });
});

describe('work that fails its acceptance', () => {
  test('goes back with the output, and the run hears one line of it', async () => {
    const failing = { ...task, acceptance: ['cat src/a.txt; echo details; grep -q new src/a.txt'] };
    const made = await build([say(finish()), say(bash('echo new > src/a.txt')), say(finish())], { task: failing });
    expect(made.task.result.status).toBe('completed');
    expect(handedBack(made)).toEqual(['acceptance: cat src/a.txt; echo details; grep -q new src/a.txt: exit code 1']);
    expect(made.bed.server.requests[1]?.request.lastResults).toMatchObject([
      { isError: true, content: expect.stringMatching(/^Not done yet\. [^]*failed \(exit code 1\)\.\none\ndetails$/) },
    ]);
  });

  test('three times has failed, and is kept', async () => {
    const turns = [say(bash('echo old > src/a.txt'), finish()), say(finish()), say(finish())];
    const { task: made } = await build(turns);
    expect(made.result).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /^It was handed back too often\. Last: Not done yet\. `grep -q new src\/a\.txt` failed/,
      ),
      checks: [{ exitCode: 1 }],
    });
    expect(await fileAt(made.result.commit, 'src/a.txt')).toBe('old\n');
    expect(await subjectOf(made.result.commit)).toContain('\n\nChange a thing (unfinished)\n');
  });

  const command = 'node --test --test-reporter=tap test/lines.test.mjs';
  const onBase = async (): Promise<Partial<BuildInput>> => {
    const tree = await trees.trees.open('base', trees.base);
    const run = (spec: CommandSpec) => tree.run(spec);
    const baseline = await runChecks([{ name: 'test', command }], { timeoutMs: 20_000, saveLog: noLog, run });
    await tree.close();
    return { baseline, task: { ...task, acceptance: [command] } };
  };

  test('is accepted where the base failed in just the same way', async () => {
    const made = await build([say(bash('echo x > src/x.txt')), say(finish())], await onBase());
    expect(made.task.result).toMatchObject({ status: 'completed', checks: [{ exitCode: 1, failures: ['one'] }] });
  });

  test('is not accepted where something new fails', async () => {
    const made = await build(
      [say(bash('echo two >> src/a.txt'), finish()), say(finish()), say(finish())],
      await onBase(),
    );
    expect(made.task.result).toMatchObject({ status: 'failed', checks: [{ failures: ['one', 'two'] }] });
  });
});

describe('how the checks stand on the base', () => {
  const known = [checkOf({ command: 'npm test', exitCode: 1, failures: ['adds up'] })];
  const opening = async (briefed: boolean) => {
    const made = await build([say(bash('echo new > src/a.txt')), say(finish())], { baseline: known, briefed });
    return made.bed.server.requests[0]?.request.ownText ?? '';
  };

  test('is told with the task where the brief does not have it', async () =>
    expect(await opening(false)).toContain('`npm test` fails already (exit code 1): "adds up"'));

  test('is not told twice', async () => expect(await opening(true)).not.toContain('fails already'));
});

describe('paths of others', () => {
  test('are refused by the facts of git, though bash went round the tools', async () => {
    const made = await build([
      say(bash('echo new > src/a.txt; echo mine > lib/b.txt; mv .github/workflows/ci.yml src/ci.yml; rm src/types.ts')),
      say(finish()),
      say(
        bash(
          'echo two > lib/b.txt; mkdir -p .github/workflows; mv src/ci.yml .github/workflows/; echo "export type A = 1;" > src/types.ts',
        ),
      ),
      say(finish()),
    ]);
    expect(handedBack(made)).toEqual([
      expect.stringMatching(/^ownership: not its own to change: .*\.github\/workflows\/ci\.yml/),
    ]);
    const told = made.bed.server.requests[2]?.request.lastResults[0]?.content ?? '';
    for (const path of [
      'lib/b.txt: it is outside',
      '.github/workflows/ci.yml: it is protected',
      'src/types.ts: it belongs',
    ])
      expect(told).toContain(path);
    expect(made.task.result.changedFiles.map(({ path }) => path)).toEqual(['src/a.txt']);
  });

  test('are refused by the tools at once', async () => {
    const write = (path: string) => say(call('write', { path, content: 'x' }));
    const made = await build([
      ...[write('lib/b.txt'), write('.github/x.yml'), write('src/types.ts')],
      say(bash('echo new > src/a.txt'), finish()),
    ]);
    const answers = made.bed.server.requests.slice(1).flatMap(({ request }) => request.lastResults);
    expect(answers).toMatchObject([
      { isError: true, content: expect.stringContaining('outside the paths of this task') },
      { isError: true, content: expect.stringContaining('the maintainers (protected path)') },
      { isError: true, content: expect.stringContaining('the contract') },
    ]);
  });

  test('never reach a branch, not even with unfinished work', async () => {
    const blocked = finish('No idea.', { status: 'blocked', question: 'Which port?' });
    const { task: made } = await build([
      say(bash('echo half > src/a.txt; echo evil > .github/workflows/ci.yml; echo x > lib/new.txt')),
      say(blocked),
    ]);
    expect(made.result).toMatchObject({
      status: 'partial',
      reason:
        'It needs an answer: Which port? Left out, as it may not be in this work: .github/workflows/ci.yml, lib/new.txt.',
      changedFiles: [{ path: 'src/a.txt' }],
    });
    expect(await fileAt(made.result.commit, 'src/a.txt')).toBe('half\n');
    expect(await fileAt(made.result.commit, '.github/workflows/ci.yml')).toBe('on: push\n');
    expect(await fileAt(made.result.commit, 'lib/new.txt')).toBeNull();
  });
});

describe('what the diff policy blocks', () => {
  const blocks: BuildDeps['findBlocks'] = async (from, to) =>
    (await trees.store.changedEntries(from, to))
      .filter(({ path }) => path === 'src/key.txt')
      .map(({ path }) => ({ rule: 'secret', path, line: 1, words: 'It holds what looks like a secret (x).' }));

  test('goes back to the agent, who can mend it', async () => {
    const made = await build(
      [
        say(bash('echo new > src/a.txt; echo k > src/key.txt')),
        say(finish()),
        say(bash('rm src/key.txt')),
        say(finish()),
      ],
      {},
      {},
      { findBlocks: blocks },
    );
    expect(handedBack(made)).toEqual(['policy: not fit to be published: src/key.txt']);
    expect(made.bed.server.requests[2]?.request.lastResults).toMatchObject([
      {
        isError: true,
        content: expect.stringContaining('- src/key.txt:1: It holds what looks like a secret (x). Take it'),
      },
    ]);
    expect(made.task.result).toMatchObject({ status: 'completed', changedFiles: [{ path: 'src/a.txt' }] });
  });

  test('is left out of unfinished work', async () => {
    const blocked = finish('No idea.', { status: 'blocked', question: 'Which port?' });
    const turns = [say(bash('echo half > src/a.txt; echo k > src/key.txt')), say(blocked)];
    const { task: made } = await build(turns, {}, {}, { findBlocks: blocks });
    expect(made.result).toMatchObject({ status: 'partial', changedFiles: [{ path: 'src/a.txt' }] });
    expect(made.result.reason).toContain('Left out, as it may not be in this work: src/key.txt.');
    expect(await fileAt(made.result.commit, 'src/key.txt')).toBeNull();
  });
});

describe('work that is cut short is committed and kept', () => {
  const half = say(bash('echo half > src/a.txt'));

  test.each([
    ['by a limit', [half], { maxApiCalls: 1 }, {}, /^The limit limits\.max_api_calls is 1; used: 1\.$/],
    ['by its turns', [half, say(bash('true'))], {}, { maxTurns: 1 }, /^The turn limit of the task/],
    ['by silence', [half, say('Hm.'), say('Hm.'), say('Hm.')], {}, {}, /^The agent was stuck: /],
    [
      'by the model',
      [half, { kind: 'error' as const, status: 400, type: 'invalid_request_error', message: 'no' }],
      {},
      {},
      /^The model did not answer: /,
    ],
  ])('%s', async (_how, turns, limits, input, reason) => {
    const { task: made } = await build(turns, input, limits);
    expect(made.result).toMatchObject({ status: 'partial', reason: expect.stringMatching(reason), claims: null });
    expect(await fileAt(made.result.commit, 'src/a.txt')).toBe('half\n');
  });
});

test('a conflict goes back with markers in the tree, and finish is refused while any is left', async () => {
  const made = await build([
    say(bash('echo new and mine > src/a.txt'), finish()),
    say(bash('cat src/a.txt'), finish()),
    say(bash('printf "theirs\\nnew and mine\\n" > src/a.txt'), finish('Both.')),
  ]);
  const own = made.task.result.commit ?? '';
  const theirs = await trees.store.commit(
    await trees.store.writeFiles(trees.base, [{ path: 'src/a.txt', content: 'theirs\n' }]),
    [trees.base],
    'theirs',
  );
  const merged = await trees.store.merge(theirs, own);
  expect(merged.conflicts).toEqual(['src/a.txt']);
  const result = await made.task.rework(merged.tree, [theirs, own], 'Resolve src/a.txt.');
  expect(handedBack(made)).toEqual(['conflict: conflict markers left in src/a.txt']);
  const [shown] = made.bed.server.requests[2]?.request.lastResults ?? [];
  expect(shown?.content).toContain('<<<<<<< ');
  expect(result).toMatchObject({ status: 'completed', claims: { summary: 'Both.' }, turns: 3 });
  expect(await fileAt(result.commit, 'src/a.txt')).toBe('theirs\nnew and mine\n');
  for (const parent of [theirs, own]) expect(await trees.store.isAncestor(parent, result.commit ?? '')).toBe(true);
});
