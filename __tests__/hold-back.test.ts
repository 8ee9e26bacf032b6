import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { holdBack } from '../src/hold-back.ts';
import { git, makeBed, type Bed } from './adapters/git-bed.ts';

let bed: Bed;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'one\n' });
});
afterEach(() => bed.close());

test('pushes are kept in the store, newest commit each, and nothing leaves it', async () => {
  const held = holdBack(bed.store);
  const next = await bed.store.commit(await bed.store.treeOf(bed.base), [bed.base], 'next');
  await held.git.checkPush();
  await held.git.push([
    { branch: 'ai/one', commit: bed.base, expected: null },
    { branch: 'ai/two', commit: next, expected: null },
  ]);
  await held.git.push([{ branch: 'ai/one', commit: next, expected: null }]);
  expect(held.branches()).toEqual([
    { branch: 'ai/one', commit: next },
    { branch: 'ai/two', commit: next },
  ]);
  expect(git(bed.store.storePath, 'rev-parse', 'refs/heads/ai/one')).toBe(next);
  expect(git(bed.checkout, 'for-each-ref', 'refs/heads/ai')).toBe('');
  expect(await held.git.remoteBranch('ai/one')).toBeNull();
});
