import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { git } from '../adapters/git-bed.ts';
import { branch, openStateBed, type StateBed } from './state-bed.ts';

let bed: StateBed;
beforeEach(async () => {
  bed = await openStateBed();
});
afterEach(() => bed.close());

const onRemote = (...args: readonly string[]): string => git(bed.server.repository, ...args);

test('what one machine writes another one reads, and before that there is nothing', async () => {
  const [one, other] = [bed.file(), bed.file()];
  expect(await other.read()).toBeNull();
  expect(await other.head()).toBeNull();
  const commit = await one.write('first', [], null);
  expect(commit).toMatch(/^[0-9a-f]{40}$/);
  expect(await other.read()).toEqual({ commit, text: 'first' });
  expect(await other.head()).toBe(commit);
});

test('the branch has its newest state alone, on top of the commits that are to be kept', async () => {
  const file = bed.file();
  const first = await file.write('first', [bed.base], null);
  const second = await file.write('second', [bed.base], first);
  expect(onRemote('rev-list', branch).split('\n')).toEqual([second, bed.base]);
  // What a workflow's token may not push is a commit that lacks a file of its parent.
  expect(onRemote('ls-tree', '--name-only', branch).split('\n')).toEqual(['a.txt', 'state.json']);
  expect(onRemote('log', '-1', '--format=%s', branch)).toBe('State [skip ci]');
});

test('of two that write at once over the same state one comes through, and the other is told that it was late', async () => {
  const [one, other] = [bed.file(), bed.file()];
  const start = await one.write('start', [], null);
  const written = await Promise.all([one.write('one', [], start), other.write('other', [], start)]);
  expect(written.filter((commit) => commit === null)).toHaveLength(1);
  expect(await bed.file().read()).toEqual({
    commit: written.find((commit) => commit !== null),
    text: written[0] === null ? 'other' : 'one',
  });
});

test('of two that make the branch at once one comes through', async () => {
  const written = await Promise.all([bed.file().write('one', [], null), bed.file().write('other', [], null)]);
  expect(written.filter((commit) => commit === null)).toHaveLength(1);
});

test('whoever wants to write over a state that is gone is late too', async () => {
  const file = bed.file();
  const start = await file.write('start', [], null);
  onRemote('update-ref', '-d', `refs/heads/${branch}`);
  expect(await file.write('next', [], start)).toBeNull();
  expect(await file.read()).toBeNull();
});

test('a push that is refused for another reason than a lost race is an error with that reason', async () => {
  const file = bed.file();
  const start = await file.write('start', [], null);
  await bed.refuse('the disk of the server is full');
  await expect(file.write('next', [], start)).rejects.toMatchObject({
    code: 'push-refused',
    message: expect.stringContaining('the disk of the server is full'),
  });
  expect(await file.read()).toEqual({ commit: start, text: 'start' });
});

test('a server that does not answer is an error, not a lost race', async () => {
  const file = bed.file();
  const start = await file.write('start', [], null);
  bed.server.gate = () => ({ status: 503 });
  await expect(file.write('next', [], start)).rejects.toMatchObject({ code: 'github-unavailable' });
});

test('a branch of that name without the file is there, and has no text', async () => {
  onRemote('update-ref', `refs/heads/${branch}`, bed.base);
  expect(await bed.file().read()).toEqual({ commit: bed.base, text: null });
});
