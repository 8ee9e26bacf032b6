// The stand-in for actions/checkout, against the embedded GitHub.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkout } from '../../../testbed/runner/checkout.ts';
import { DEMO, startBed, userGit, type TestBed } from '../github/bed.ts';

let bed: TestBed;
let head: string;
beforeAll(async () => {
  bed = await startBed();
  head = await bed.github.seedRepository(DEMO, { 'src/b.txt': 'b\n' }, { message: 'feat: b' });
  await bed.github.seedRepository(DEMO, { 'src/c.txt': 'c\n' }, { branch: 'other' });
});
afterAll(() => bed.close());

const options = (name: string): Parameters<typeof checkout>[0] => ({
  cloneUrl: bed.github.cloneUrl(DEMO),
  token: bed.github.mintToken({ contents: 'read' }, DEMO),
  directory: join(bed.directory, name),
});

test('a checkout is shallow, on its branch, and keeps no credential', async () => {
  const given = options('shallow');
  expect(await checkout(given)).toBe(head);
  expect(await userGit(given.directory, 'rev-list', '--count', 'HEAD')).toBe('1');
  expect(await userGit(given.directory, 'branch', '--show-current')).toBe('main');
  const config = await readFile(join(given.directory, '.git/config'), 'utf8');
  expect(config).toContain(given.cloneUrl);
  expect(config).not.toMatch(/extraheader|x-access-token/);
});

test('depth 0 brings every branch with its history', async () => {
  const given = { ...options('deep'), depth: 0 };
  await checkout(given);
  expect(await userGit(given.directory, 'rev-list', '--count', 'HEAD')).toBe('2');
  expect(await userGit(given.directory, 'rev-parse', '--verify', 'origin/other')).toMatch(/^[0-9a-f]{40}$/);
});

test('an empty repository cannot be checked out', async () => {
  await expect(checkout({ ...options('empty'), cloneUrl: bed.github.cloneUrl('octo/empty') })).rejects.toThrow(
    /couldn't find remote ref/,
  );
});
