import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { git, makeBed, writeFiles, type Bed } from './git-bed.ts';

let bed: Bed;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'one\n' });
});
afterEach(() => bed.close());

async function commitOn(parent: string, content: string): Promise<string> {
  const tree = await bed.store.writeFiles(parent, [{ path: 'a.txt', content }]);
  return bed.store.commit(tree, [parent], `write ${content}`);
}

test('leaves branches in the repository, and the checkout as it was', async () => {
  await writeFiles(bed.checkout, { 'a.txt': 'unsaved work\n', staged: 'x' });
  git(bed.checkout, 'add', 'staged');
  const before = git(bed.checkout, 'status', '--porcelain=v2', '--branch');
  const [one, two] = [await commitOn(bed.base, '1'), await commitOn(bed.base, '2')];
  await bed.store.push([
    { branch: 'ai/one', commit: one, expected: null },
    { branch: 'ai/two', commit: two, expected: null },
  ]);
  expect(git(bed.checkout, 'status', '--porcelain=v2', '--branch')).toBe(before);
  expect(git(bed.checkout, 'show', 'ai/two:a.txt')).toBe('2');
  expect(git(bed.checkout, 'fsck', '--full', '--no-dangling')).toBe('');
  expect(await bed.store.remoteBranch('ai/one')).toBe(one);
  expect(await bed.store.remoteBranch('ai')).toBeNull();
  expect(await bed.store.fetch('ai/one')).toBe(one);
  await bed.store.checkPush();
});

test("runs none of the repository's hooks", async () => {
  const hook = { script: `#!/bin/sh\ntouch ${join(bed.directory, 'hook-ran')}\n` };
  const names = ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction', 'pre-push'];
  await writeFiles(join(bed.checkout, '.git/hooks'), Object.fromEntries(names.map((name) => [name, hook])));
  await bed.store.push([{ branch: 'ai/one', commit: await commitOn(bed.base, '1'), expected: null }]);
  expect(existsSync(join(bed.directory, 'hook-ran'))).toBe(false);
  git(bed.checkout, 'branch', 'control');
  expect(existsSync(join(bed.directory, 'hook-ran'))).toBe(true);
});

test('refuses all branches when one has moved', async () => {
  const commit = await commitOn(bed.base, '1');
  git(bed.checkout, 'branch', 'ai/moved');
  const pushing = bed.store.push([
    { branch: 'ai/new', commit, expected: null },
    { branch: 'ai/moved', commit, expected: null },
  ]);
  await expect(pushing).rejects.toMatchObject({ code: 'push-refused', message: expect.stringContaining('ai/moved') });
  expect(await bed.store.remoteBranch('ai/new')).toBeNull();
  await bed.store.push([{ branch: 'ai/moved', commit, expected: bed.base }]);
});

test('never moves a branch that is checked out, here or in a worktree', async () => {
  const commit = await commitOn(bed.base, '1');
  git(bed.checkout, 'worktree', 'add', '--quiet', '-b', 'ai/busy', join(bed.directory, 'worktree'));
  const pushing = bed.store.push([{ branch: 'ai/busy', commit, expected: bed.base }]);
  await expect(pushing).rejects.toMatchObject({
    code: 'push-refused',
    message: expect.stringContaining('checked out'),
  });
  expect(await bed.store.remoteBranch('ai/busy')).toBe(bed.base);
});

test('works from a linked worktree, whose branches are those of the repository', async () => {
  const linked = await makeBed(
    { 'a.txt': 'one\n' },
    {
      prepare: (checkout) => {
        git(checkout, 'worktree', 'add', '--quiet', '-b', 'topic', `${checkout}-linked`);
        return `${checkout}-linked`;
      },
    },
  );
  const tree = await linked.store.writeFiles(linked.base, [{ path: 'b.txt', content: 'b' }]);
  const commit = await linked.store.commit(tree, [linked.base], 'b');
  await linked.store.push([{ branch: 'ai/b', commit, expected: null }]);
  expect(linked.source.branch).toBe('topic');
  expect(git(linked.checkout, 'rev-parse', 'ai/b')).toBe(commit);
  await linked.close();
});

test('a branch that points at the commit already is done, whatever it was expected to be', async () => {
  const [one, two] = [await commitOn(bed.base, '1'), await commitOn(bed.base, '2')];
  await bed.store.push([{ branch: 'ai/one', commit: one, expected: null }]);
  await bed.store.push([
    { branch: 'ai/one', commit: one, expected: null },
    { branch: 'ai/two', commit: two, expected: null },
  ]);
  expect(await bed.store.remoteBranch('ai/two')).toBe(two);
});
