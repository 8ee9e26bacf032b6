import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chown, mkdir, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasUncommitted, openSource } from '../../src/adapters/git-source.ts';
import { git, makeRepository, writeFiles } from './git-bed.ts';

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'git-source-')));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a checkout', () => {
  test('is found from a directory inside it', async () => {
    const base = await makeRepository(directory, { 'src/a.txt': 'one\n' });
    expect(await openSource(join(directory, 'src'))).toEqual({
      gitDir: join(directory, '.git'),
      objectsPath: join(directory, '.git/objects'),
      objectFormat: 'sha1',
      shallow: '',
      headCommit: base,
      branch: 'main',
    });
  });

  test('is dirty when a tracked file differs, and its index is left as it was', async () => {
    await makeRepository(directory, { 'a.txt': 'one\n' });
    await writeFiles(directory, { 'untracked.txt': 'x' });
    git(directory, 'checkout', '--quiet', '--detach');
    expect(await openSource(directory)).toMatchObject({ branch: null });
    expect(await hasUncommitted(directory)).toBe(false);
    await writeFiles(directory, { 'a.txt': 'two\n' });
    const index = await readFile(join(directory, '.git/index'));
    const { mtimeMs } = await stat(join(directory, '.git/index'));
    expect(await hasUncommitted(directory)).toBe(true);
    expect(await readFile(join(directory, '.git/index'))).toEqual(index);
    expect((await stat(join(directory, '.git/index'))).mtimeMs).toBe(mtimeMs);
  });

  test('may have no commit yet', async () => {
    git(directory, 'init', '--quiet', '--initial-branch=main');
    expect(await openSource(directory)).toMatchObject({ headCommit: null, branch: 'main' });
  });

  test('may be shallow', async () => {
    const full = join(directory, 'full');
    await makeRepository(full, { 'a.txt': 'one\n' });
    git(full, 'commit', '--quiet', '--allow-empty', '-m', 'second');
    git(directory, 'clone', '--quiet', '--depth=1', `file://${full}`, 'shallow');
    const source = await openSource(join(directory, 'shallow'));
    expect(source.shallow).toBe(`${source.headCommit}\n`);
  });

  test('may belong to another user, as in a container job', async () => {
    const base = await makeRepository(directory, { 'a.txt': 'one\n' });
    if (process.getuid?.() !== 0) return;
    await chown(directory, 12345, 12345);
    await chown(join(directory, '.git'), 12345, 12345);
    expect(() => git(directory, 'status')).toThrow('dubious ownership');
    expect((await openSource(directory)).headCommit).toBe(base);
  });
});

test('a directory without a repository is named in the error', async () => {
  await mkdir(join(directory, 'plain'));
  await expect(openSource(join(directory, 'plain'))).rejects.toMatchObject({
    code: 'not-a-repository',
    message: expect.stringContaining(join(directory, 'plain')),
  });
  await expect(openSource(join(directory, 'missing'))).rejects.toMatchObject({ code: 'not-a-repository' });
});

describe('the git of the machine', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });

  test('may be missing', async () => {
    process.env['PATH'] = directory;
    await expect(openSource(directory)).rejects.toMatchObject({ code: 'git-missing' });
  });

  test('may be too old', async () => {
    await writeFiles(directory, { git: { script: '#!/bin/sh\necho git version 2.37.9\n' } });
    process.env['PATH'] = directory;
    await expect(openSource(directory)).rejects.toMatchObject({
      code: 'git-too-old',
      message: expect.stringContaining('2.37.9'),
    });
  });

  test('is never the one that a package of the project brings', async () => {
    const brought = join(directory, 'node_modules', '.bin');
    await writeFiles(brought, { git: { script: '#!/bin/sh\necho git version 1.0.0\n' } });
    await makeRepository(join(directory, 'checkout'), { 'a.txt': '' });
    process.env['PATH'] = `${brought}:.:${path ?? ''}`;
    expect((await openSource(join(directory, 'checkout'))).branch).toBe('main');
  });
});
