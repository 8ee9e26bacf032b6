import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { landTask, type Head, type LandDeps, type Owner } from '../../src/integrate/land-task.ts';
import type { Check, TaskResult } from '../../src/types.ts';
import { brokenBy } from '../../src/verify/compare.ts';
import { makeBed, type Bed } from '../adapters/git-bed.ts';
import { checkOf, resultOf, taskOf } from '../support/run-events.ts';
import { recordedReporter, type Recorded } from '../support/spine.ts';

let bed: Bed;
let reporter: Recorded;
beforeEach(async () => {
  reporter = recordedReporter();
  bed = await makeBed({ 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' });
});
afterEach(() => bed.close());

type Contents = Readonly<Record<string, string>>;

async function commitOn(parent: string, contents: Contents): Promise<string> {
  const files = Object.entries(contents).map(([path, content]) => ({ path, content }));
  return bed.store.commit(await bed.store.writeFiles(parent, files), [parent], 'work');
}

const done = (number: number, commit: string | null, over: Partial<TaskResult> = {}): TaskResult =>
  resultOf(taskOf(number), { status: 'completed', reason: null, commit, ...over });

interface Told {
  readonly treeish: string;
  readonly parents: readonly string[];
  readonly told: string;
}

/** An agent that answers what goes back to it with the files of `answers`, in turn. */
function ownerOf(
  result: TaskResult,
  answers: readonly (Contents | TaskResult['status'])[] = [],
): Owner & { told: Told[] } {
  const told: Told[] = [];
  return {
    result,
    told,
    async rework(treeish, parents, text) {
      const answer = answers[told.push({ treeish, parents, told: text }) - 1] ?? {};
      if (typeof answer === 'string') return { ...result, status: answer, reason: 'It gave up.' };
      const files = Object.entries(answer).map(([path, content]) => ({ path, content }));
      const tree = await bed.store.writeFiles(treeish, files);
      return { ...result, commit: await bed.store.commit(tree, parents, 'mended') };
    },
  };
}

/** The project's one check: a.txt and b.txt may not both be changed to `x`. */
async function exclusive(commit: string): Promise<readonly Check[]> {
  const both = await Promise.all(['a.txt', 'b.txt'].map((path) => bed.store.readFile(commit, path)));
  const fails = both.every((content) => content === 'x\n');
  return [checkOf({ name: 'test', exitCode: fails ? 1 : 0, failures: fails ? ['exclusive'] : [] })];
}

const deps = (runChecks: LandDeps['runChecks'] = exclusive): LandDeps => ({
  git: bed.store,
  reporter,
  brokenBy,
  runChecks,
  nonce: 'n0nce',
});
const headAt = async (commit: string): Promise<Head> => ({ commit, checks: await exclusive(commit) });
const parentsOf = async (commit: string): Promise<string[]> =>
  [...(await bed.store.readObject(commit)).bytes.toString().matchAll(/^parent (.*)$/gm)].map(([, id = '']) => id);

describe('work on the head itself', () => {
  test('lands as it is, without a merge commit', async () => {
    const commit = await commitOn(bed.base, { 'a.txt': 'x\n' });
    const landing = await landTask(ownerOf(done(1, commit)), await headAt(bed.base), deps());
    expect(landing.head.commit).toBe(commit);
    expect(landing.merge).toMatchObject({ taskId: 'TASK-001', status: 'merged', commit, returns: [] });
    expect(reporter.events).toEqual([{ type: 'merge.ended', merge: landing.merge }]);
  });

  test('that changed nothing lands without a commit', async () => {
    const head = await headAt(bed.base);
    const landing = await landTask(ownerOf(done(1, null)), head, deps());
    expect(landing).toMatchObject({ head, merge: { status: 'merged', commit: bed.base } });
  });
});

test('work beside other work is merged by a commit with both parents, after the checks on the merged tree', async () => {
  const [first, second] = [await commitOn(bed.base, { 'a.txt': 'x\n' }), await commitOn(bed.base, { 'c.txt': 'c\n' })];
  const checked: string[] = [];
  const runChecks: LandDeps['runChecks'] = (commit, taskId) => {
    checked.push(`${taskId} ${commit}`);
    return exclusive(commit);
  };
  const { head, merge } = await landTask(ownerOf(done(2, second)), await headAt(first), deps(runChecks));
  expect(checked).toEqual([`TASK-002 ${head.commit}`]);
  expect(await parentsOf(head.commit)).toEqual([first, second]);
  expect(await bed.store.readFile(head.commit, 'a.txt')).toBe('x\n');
  expect(await bed.store.readFile(head.commit, 'c.txt')).toBe('c\n');
  expect(merge.checks).toMatchObject([{ name: 'test', exitCode: 0 }]);
});

describe('a conflict', () => {
  test('goes back to the owner with the markers, and the resolved commit has both parents', async () => {
    const first = await commitOn(bed.base, { 'a.txt': 'one\nHEAD\nthree\n' });
    const second = await commitOn(bed.base, { 'a.txt': 'one\nMINE\nthree\n' });
    const owner = ownerOf(done(2, second), [{ 'a.txt': 'one\nHEAD\nMINE\nthree\n' }]);
    const landing = await landTask(owner, await headAt(first), deps());
    const [told] = owner.told;
    expect(told?.parents).toEqual([first, second]);
    expect(told?.told).toContain('a.txt');
    expect(await bed.store.readFile(told?.treeish ?? '', 'a.txt')).toMatch(
      /^one\n<<<<<<< .*\nHEAD\n(\|\|\|\|\|\|\| .*\ntwo\n)?=======\nMINE\n>>>>>>> .*\nthree\n$/,
    );
    expect(await parentsOf(landing.head.commit)).toEqual([first, second]);
    expect(await bed.store.readFile(landing.head.commit, 'a.txt')).toBe('one\nHEAD\nMINE\nthree\n');
    expect(landing.merge.returns).toEqual([{ kind: 'conflict', detail: 'conflict in a.txt' }]);
    expect(reporter.of('task.handed-back')).toMatchObject([{ taskId: 'TASK-002', kind: 'conflict' }]);
  });

  test('that its owner cannot resolve leaves the work out, with the reason of the owner', async () => {
    const first = await commitOn(bed.base, { 'a.txt': 'HEAD\n' });
    const second = await commitOn(bed.base, { 'a.txt': 'MINE\n' });
    const head = await headAt(first);
    const landing = await landTask(ownerOf(done(2, second), ['partial']), head, deps());
    expect(landing).toMatchObject({
      head,
      merge: { status: 'refused', commit: null },
      result: { reason: 'It gave up.' },
    });
    expect(landing.result.status).toBe('partial');
  });
});

describe('a check that only the merge breaks', () => {
  const setUp = async () => {
    const [first, second] = [
      await commitOn(bed.base, { 'a.txt': 'x\n' }),
      await commitOn(bed.base, { 'b.txt': 'x\n' }),
    ];
    return { first, second, head: await headAt(first) };
  };

  test('goes back with its output, and what mends it lands', async () => {
    const { first, second, head } = await setUp();
    const owner = ownerOf(done(2, second), [{ 'b.txt': 'y\n' }]);
    const landing = await landTask(owner, head, deps());
    expect(owner.told[0]?.told).toContain('test (exclusive)');
    expect(await bed.store.readFile(owner.told[0]?.treeish ?? '', 'a.txt')).toBe('x\n');
    expect(await parentsOf(landing.head.commit)).toEqual([first, second]);
    expect(await bed.store.readFile(landing.head.commit, 'b.txt')).toBe('y\n');
    expect(landing.merge.returns).toEqual([{ kind: 'broken-check', detail: 'test (exclusive)' }]);
  });

  test('goes back three times, then the work stays out and the head stays where it is', async () => {
    const { second, head } = await setUp();
    const owner = ownerOf(done(2, second), [{}, {}, {}]);
    const landing = await landTask(owner, head, deps());
    expect(owner.told).toHaveLength(3);
    expect(landing.head).toBe(head);
    expect(landing.merge).toMatchObject({ status: 'refused', commit: null });
    expect(landing.merge.returns).toHaveLength(3);
    expect(landing.result).toMatchObject({ status: 'failed', reason: 'It could not be merged: test (exclusive).' });
    expect(reporter.events.slice(-2).map(({ type }) => type)).toEqual(['task.ended', 'merge.ended']);
  });

  test('is no reason to leave work out when it failed before in the same way', async () => {
    const { second } = await setUp();
    const failing = await commitOn(bed.base, { 'a.txt': 'x\n', 'b.txt': 'x\n' });
    const landing = await landTask(ownerOf(done(2, second)), await headAt(failing), deps());
    expect(landing.merge).toMatchObject({ status: 'merged', returns: [], checks: [{ exitCode: 1 }] });
  });
});

test.each(['partial', 'failed'] as const)('%s work is never merged, whether it has a commit or not', async (status) => {
  const head = await headAt(bed.base);
  for (const commit of [null, await commitOn(bed.base, { 'a.txt': 'x\n' })]) {
    const owner = ownerOf(done(1, commit, { status, reason: 'It was stuck.' }));
    const landing = await landTask(owner, head, deps());
    expect(landing).toMatchObject({
      head,
      merge: { status: 'refused', returns: [] },
      result: { status, reason: 'It was stuck.' },
    });
    expect(owner.told).toEqual([]);
  }
  expect(reporter.of('task.ended')).toEqual([]);
});
