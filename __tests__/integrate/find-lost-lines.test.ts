import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findLostLines } from '../../src/integrate/find-lost-lines.ts';
import { makeBed, type Bed } from '../adapters/git-bed.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed({ 'a.txt': 'one\n', 'ünïcode file.txt': 'x\n', 'gone.txt': 'x\n' });
});
afterAll(() => bed.close());

async function commitOn(parent: string, contents: Readonly<Record<string, string>>): Promise<string> {
  const files = Object.entries(contents).map(([path, content]) => ({ path, content }));
  return bed.store.commit(await bed.store.writeFiles(parent, files), [parent], 'work');
}

const work = (commit: string) => [{ taskId: 'TASK-001', base: bed.base, commit }];

test('lines that are all there, indented or moved, are not lost', async () => {
  const commit = await commitOn(bed.base, { 'a.txt': 'one\ntwo\n\nthree\n' });
  const final = await commitOn(commit, { 'a.txt': '  three\none\n\ttwo\n' });
  expect(await findLostLines(work(commit), final, bed.store)).toEqual([]);
});

test('lines that are gone are counted by task and file, blank ones aside', async () => {
  const commit = await commitOn(bed.base, {
    'a.txt': 'one\ntwo\n\nthree\n',
    'new.txt': 'n1\nn2\n',
    'ünïcode file.txt': 'x\nyes\n',
  });
  const other = await commitOn(bed.base, { 'gone.txt': 'x\nkept\n' });
  const final = await commitOn(bed.base, { 'a.txt': 'one\nthree\n', 'gone.txt': 'x\nkept\n' });
  const lost = await findLostLines(
    [...work(commit), { taskId: 'TASK-002', base: bed.base, commit: other }],
    final,
    bed.store,
  );
  expect([...lost].sort((a, b) => a.lines - b.lines || (a.path < b.path ? -1 : 1))).toEqual([
    { taskId: 'TASK-001', path: 'a.txt', lines: 1 },
    { taskId: 'TASK-001', path: 'ünïcode file.txt', lines: 1 },
    { taskId: 'TASK-001', path: 'new.txt', lines: 2 },
  ]);
});

test('a file that a task deleted or that holds no text loses nothing', async () => {
  const tree = await bed.store.restore(await bed.store.treeOf(bed.base), await bed.store.writeTree([], []), [
    'gone.txt',
  ]);
  const commit = await bed.store.commit(tree, [bed.base], 'delete');
  expect(await findLostLines(work(commit), commit, bed.store)).toEqual([]);
});
