import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitStore } from '../../src/adapters/git-store.ts';
import { clock, git, makeBed, writeFiles, type Bed } from './git-bed.ts';

describe('the store on a full clone', () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed({
      'README.md': 'Hello user\n',
      'src/login.ts': 'export const user = 1;\nexport const USER = 2;\n',
      'src/ünïcode name.ts': 'one\n',
      'bin/run': { script: '#!/bin/sh\necho hi\n' },
      link: { linkTo: 'README.md' },
      'image.png': Buffer.from([0, 1, 2, 255]),
    });
  });
  afterAll(() => bed.close());

  test('lies in a directory that only its owner can enter', async () => {
    expect((await stat(bed.store.storePath)).mode & 0o777).toBe(0o700);
  });

  test('lists files with mode, id and size', async () => {
    const files = await bed.store.listFiles(bed.base);
    expect(files.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '100644 README.md',
      '100755 bin/run',
      '100644 image.png',
      '120000 link',
      '100644 src/login.ts',
      '100644 src/ünïcode name.ts',
    ]);
    expect(files[0]).toMatchObject({ sizeBytes: 11, id: git(bed.checkout, 'rev-parse', 'HEAD:README.md') });
  });

  test('reads regular files only', async () => {
    expect(await bed.store.readFile(bed.base, 'src/ünïcode name.ts')).toBe('one\n');
    expect(await bed.store.readFile(bed.base, 'link')).toBeNull();
    expect(await bed.store.readFile(bed.base, 'src')).toBeNull();
  });

  test('finds where any of the words stands, with the text as it is written there', async () => {
    expect(await bed.store.grep(bed.base, ['hello', 'export'])).toEqual([
      { path: 'README.md', line: 1, text: 'Hello' },
      { path: 'src/login.ts', line: 1, text: 'export' },
      { path: 'src/login.ts', line: 2, text: 'export' },
    ]);
    expect(await bed.store.grep(bed.base, ['--no-such-word'])).toEqual([]);
    expect(await bed.store.grep(bed.base, [])).toEqual([]);
  });

  test('finds short words only where they stand alone', async () => {
    expect(await bed.store.grep(bed.base, ['port', 'user'])).toEqual([
      { path: 'README.md', line: 1, text: 'user' },
      { path: 'src/login.ts', line: 1, text: 'user' },
      { path: 'src/login.ts', line: 2, text: 'USER' },
    ]);
  });

  test('writes the same tree as git does', async () => {
    const files = [
      { path: 'src/login.ts', content: 'new\n' },
      { path: 'src.d/x', content: 'sorts before src/\n' },
      { path: 'bin/run', content: '#!/bin/sh\n' },
    ];
    const tree = await bed.store.writeFiles(bed.base, files);
    const clone = join(bed.directory, 'clone');
    git(bed.directory, 'clone', '--quiet', bed.checkout, clone);
    await writeFiles(clone, Object.fromEntries(files.map(({ path, content }) => [path, content])));
    git(clone, 'add', '--all');
    expect(tree).toBe(git(clone, 'write-tree'));
  });

  test('lets a file take the place of a directory', async () => {
    const tree = await bed.store.writeFiles(bed.base, [{ path: 'src', content: 'now a file\n' }]);
    const paths = (await bed.store.listFiles(tree)).map(({ path }) => path);
    expect(paths).toEqual(['README.md', 'bin/run', 'image.png', 'link', 'src']);
  });

  test.each(['../out', '.git/config', 'a/.GIT/hooks/x', 'a//b', ''])('writes no file at %p', async (path) => {
    await expect(bed.store.writeFiles(bed.base, [{ path, content: 'x' }])).rejects.toThrow('cannot be written');
  });

  test('restores paths from another tree, and drops those it lacks', async () => {
    const changed = await bed.store.writeFiles(bed.base, [
      { path: 'README.md', content: 'changed\n' },
      { path: 'new.txt', content: 'new\n' },
      { path: 'kept.txt', content: 'kept\n' },
    ]);
    const tree = await bed.store.restore(changed, bed.base, ['README.md', 'new.txt']);
    expect(await bed.store.changedFiles(bed.base, tree)).toEqual([
      { path: 'kept.txt', status: 'added', addedLines: 1, deletedLines: 0 },
    ]);
  });

  test('commits under its own name at the time of the clock', async () => {
    const tree = await bed.store.treeOf(bed.base);
    const commit = await bed.store.commit(tree, [bed.base], 'feat: x\n\nbody `$(id)`\n');
    const shown = git(bed.store.storePath, 'show', '-s', '--format=%an <%ae>|%cn|%aI|%B', commit);
    expect(shown.trim()).toBe(
      'ai-implement <ai-implement@noreply.invalid>|ai-implement|2026-11-22T10:00:00+00:00|feat: x\n\nbody `$(id)`',
    );
    expect(await bed.store.isAncestor(bed.base, commit)).toBe(true);
    expect(await bed.store.isAncestor(commit, bed.base)).toBe(false);
  });

  test('tells additions, changes, deletions and renames with their lines', async () => {
    const tree = await bed.store.writeFiles(bed.base, [
      { path: 'README.md', content: 'Hello user\nmore\n' },
      { path: 'lib/login.ts', content: 'export const user = 1;\nexport const USER = 2;\n' },
      { path: 'image.png', content: '\0\0' },
    ]);
    const moved = await bed.store.restore(tree, await bed.store.writeTree([], []), ['src/login.ts', 'bin/run']);
    expect(await bed.store.changedFiles(bed.base, moved)).toEqual([
      { path: 'README.md', status: 'modified', addedLines: 1, deletedLines: 0 },
      { path: 'bin/run', status: 'deleted', addedLines: 0, deletedLines: 2 },
      { path: 'image.png', status: 'modified', addedLines: 0, deletedLines: 0 },
      { path: 'lib/login.ts', previousPath: 'src/login.ts', status: 'renamed', addedLines: 0, deletedLines: 0 },
    ]);
    expect(await bed.store.diff(bed.base, moved)).toContain('+more\n');
  });

  test('tells modes, ids and sizes of what differs, a side that is not there as null', async () => {
    const link = { path: 'README.md', mode: '120000', id: git(bed.checkout, 'rev-parse', 'HEAD:link') };
    const lister = await bed.store.listFiles(bed.base);
    const kept = lister.filter(({ path }) => path !== 'README.md' && path !== 'src/login.ts' && path !== 'image.png');
    const moved = lister
      .filter(({ path }) => path === 'src/login.ts')
      .map((entry) => ({ ...entry, path: 'lib/login.ts' }));
    const added = { path: 'sub', mode: '160000', id: bed.base };
    const tree = await bed.store.writeTree([...kept, ...moved, link, added], []);
    const idOf = (path: string): string => git(bed.checkout, 'rev-parse', `HEAD:${path}`);
    const entries = await bed.store.changedEntries(bed.base, tree);
    const sides = (entry: (typeof entries)[number]) => [
      entry.previousPath,
      entry.oldMode,
      entry.newMode,
      entry.sizeBytes,
    ];
    expect(Object.fromEntries(entries.map((entry) => [entry.path, sides(entry)]))).toEqual({
      'README.md': [null, '100644', '120000', 9],
      'image.png': [null, '100644', null, 0],
      'lib/login.ts': ['src/login.ts', '100644', '100644', 46],
      sub: [null, null, '160000', 0],
    });
    expect(entries[0]).toMatchObject({ oldId: idOf('README.md'), newId: idOf('link') });
    expect(Buffer.from(await bed.store.readBlob(idOf('image.png')))).toEqual(Buffer.from([0, 1, 2, 255]));
  });

  test('lists the commits that one has and another has not, newest first', async () => {
    const tree = await bed.store.treeOf(bed.base);
    const first = await bed.store.commit(tree, [bed.base], 'first');
    const second = await bed.store.commit(tree, [first, bed.base], 'second');
    expect(await bed.store.commitsBetween(bed.base, second, 10)).toEqual([
      { id: second, parents: [first, bed.base] },
      { id: first, parents: [bed.base] },
    ]);
    expect(await bed.store.commitsBetween(bed.base, second, 1)).toHaveLength(1);
    expect(await bed.store.commitsBetween(second, bed.base, 10)).toEqual([]);
  });

  test('takes nothing but full object ids', async () => {
    await expect(bed.store.diff('--output=/tmp/x', bed.base)).rejects.toThrow('not a full object id');
    await expect(bed.store.listFiles('HEAD')).rejects.toThrow('not a full object id');
  });

  test('names the object that the checkout lacks', async () => {
    const missing = 'a'.repeat(40);
    await expect(bed.store.treeOf(missing)).rejects.toMatchObject({ code: 'repository-incomplete' });
    await expect(bed.store.listFiles(missing)).rejects.toMatchObject({ code: 'repository-incomplete' });
  });
});

describe('merging', () => {
  let bed: Bed;
  beforeAll(async () => {
    bed = await makeBed({ 'a.txt': '1\n2\n3\n', 'b.txt': 'b\n' });
  });
  afterAll(() => bed.close());

  const branch = async (path: string, content: string): Promise<string> => {
    const tree = await bed.store.writeFiles(bed.base, [{ path, content }]);
    return bed.store.commit(tree, [bed.base], `change ${path}`);
  };

  test('joins changes of different files', async () => {
    const merge = await bed.store.merge(await branch('a.txt', 'A\n'), await branch('b.txt', 'B\n'));
    expect(merge.conflicts).toEqual([]);
    const changed = await bed.store.changedFiles(bed.base, merge.tree);
    expect(changed.map(({ path }) => path)).toEqual(['a.txt', 'b.txt']);
  });

  test('names the files in conflict and leaves markers in them', async () => {
    const merge = await bed.store.merge(await branch('a.txt', 'ours\n'), await branch('a.txt', 'theirs\n'));
    expect(merge.conflicts).toEqual(['a.txt']);
    expect(await bed.store.readFile(merge.tree, 'a.txt')).toMatch(/<<<<<<< [^]*ours\n=======\ntheirs\n>>>>>>> /);
  });
});

test('a store that a killed process has left is gone on with, whatever its git children held locked', async () => {
  const bed = await makeBed({ 'a.txt': 'one\n' });
  try {
    const tree = await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content: 'two\n' }]);
    await bed.store.setBranch('ai/x', bed.base);
    for (const held of ['refs/heads/ai/x.lock', 'packed-refs.lock', 'shallow.lock'])
      await writeFile(join(bed.store.storePath, held), '');
    await expect(bed.store.setBranch('ai/x', bed.base)).rejects.toThrow('File exists');
    const { source } = bed;
    const again = createGitStore({
      directory: bed.store.storePath,
      source,
      remote: { kind: 'local', gitDir: source.gitDir, has: [] },
      clock,
      prefix: () => 'ai',
    });
    const commit = await again.commit(tree, [bed.base], 'two');
    await again.setBranch('ai/x', commit);
    expect(await again.readFile(commit, 'a.txt')).toBe('two\n');
    again.close();
  } finally {
    await bed.close();
  }
});

test('every tree and commit that the store makes passes git fsck', async () => {
  const bed = await makeBed({ 'a/b/c': '1', 'a.b': '2', 'a-b': '3', a0: '4' });
  const tree = await bed.store.writeFiles(bed.base, [{ path: 'a/b/d', content: 'd' }]);
  await bed.store.setBranch('ai/x', await bed.store.commit(tree, [bed.base], 'x'));
  expect(git(bed.store.storePath, 'fsck', '--strict', '--full', '--no-dangling')).toBe('');
  await bed.close();
});

test('a SHA-256 repository is served as well', async () => {
  const bed = await makeBed(
    { 'a.txt': '1\n' },
    {
      prepare: async (checkout) => {
        const other = `${checkout}-256`;
        git(join(checkout, '..'), 'init', '--quiet', '--object-format=sha256', other);
        await writeFile(join(other, 'a.txt'), '1\n');
        git(other, 'add', '--all');
        git(other, 'commit', '--quiet', '-m', 'base');
        return other;
      },
    },
  );
  const tree = await bed.store.writeFiles(bed.base, [{ path: 'b.txt', content: 'b' }]);
  expect((await bed.store.listFiles(tree)).map(({ path }) => path)).toEqual(['a.txt', 'b.txt']);
  await bed.close();
});
