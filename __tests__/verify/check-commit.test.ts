import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Tree, Trees } from '../../src/ports.ts';
import { createCommitChecker, type CommitChecker } from '../../src/verify/check-commit.ts';
import { recordedReporter, type Recorded } from '../support/spine.ts';
import { buildToolhost, startTreeBed, type BuiltToolhost, type TreeBed } from '../support/tree-bed.ts';

let toolhost: BuiltToolhost;
let bed: TreeBed;
beforeAll(async () => {
  toolhost = await buildToolhost();
  bed = await startTreeBed({ 'a.txt': 'good\n' }, toolhost.path);
});
afterAll(async () => {
  await bed.close();
  await toolhost.remove();
});

let reporter: Recorded;
let opened: string[];
let open: Set<Tree>;
beforeEach(() => {
  [reporter, opened, open] = [recordedReporter(), [], new Set()];
});

/** The real trees, watched. */
const watched = (): Trees => ({
  ...bed.trees,
  open: async (name, commit) => {
    opened.push(name);
    const tree = await bed.trees.open(name, commit);
    open.add(tree);
    return { ...tree, close: () => tree.close().finally(() => open.delete(tree)) };
  },
});

const checker = (commands: readonly string[]): CommitChecker =>
  createCommitChecker({
    git: bed.store,
    trees: watched(),
    reporter,
    checks: commands.map((command, i) => ({ name: `check ${i}`, command })),
    timeoutMs: 20_000,
    saveLog: () => Promise.resolve(null),
  });

const commitOf = async (content: string, message = content): Promise<string> =>
  bed.store.commit(await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content }]), [bed.base], message);

describe('the checks of a commit', () => {
  test('all run, in a tree of their own that is closed afterwards, and each is told', async () => {
    const check = checker(['grep -q good a.txt', 'touch left.txt; ls']);
    expect(await check(await commitOf('bad\n'), 'merge', 'TASK-002')).toMatchObject([{ exitCode: 1 }, { exitCode: 0 }]);
    expect(opened).toEqual(['merge-TASK-002']);
    expect(open.size).toBe(0);
    expect(reporter.of('check.ended')).toMatchObject([
      { phase: 'merge', taskId: 'TASK-002', check: { name: 'check 0' } },
      { phase: 'merge', taskId: 'TASK-002', check: { name: 'check 1' } },
    ]);
  });

  test('are known for an equal tree, told again, and run anew for another', async () => {
    const check = checker(['cat a.txt']);
    const first = await check(bed.base, 'baseline', null);
    expect(await check(await commitOf('good\n', 'same tree'), 'merge', 'TASK-001')).toBe(first);
    expect(opened).toEqual(['baseline']);
    expect(reporter.of('check.ended').map(({ phase, taskId }) => [phase, taskId])).toEqual([
      ['baseline', null],
      ['merge', 'TASK-001'],
    ]);
    await check(await commitOf('other\n'), 'final', null);
    expect(opened).toEqual(['baseline', 'final']);
  });

  test('run once for two that ask at the same time', async () => {
    const check = checker(['cat a.txt']);
    await Promise.all([check(bed.base, 'baseline', null), check(bed.base, 'final', null)]);
    expect(opened).toHaveLength(1);
  });

  test('open no tree where there are none', async () => {
    expect(await checker([])(bed.base, 'baseline', null)).toEqual([]);
    expect(opened).toEqual([]);
  });
});
