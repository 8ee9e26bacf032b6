import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestTree, lines, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree({ 'src/a.ts': lines(10), 'src/b.ts': 'x\r\ny' });
});
afterEach(() => tree.remove());

const read = (...paths: { path: string; start?: number; end?: number }[]) => tree.call('read', { paths });

describe('ranges', () => {
  test('several files and ranges come in one answer, numbered', async () => {
    const result = await read(
      { path: 'src/a.ts', start: 9 },
      { path: './src/b.ts' },
      { path: 'src/a.ts', start: 0, end: 1 },
    );
    expect(result.content).toBe(
      'src/a.ts, lines 9-10 of 10\n9\tline 9\n10\tline 10\n\nsrc/b.ts, lines 1-2 of 2\n1\tx\n2\ty\n\nsrc/a.ts, lines 1-1 of 10\n1\tline 1',
    );
  });

  test('an end beyond the file is the end; a start beyond it is refused with the length', async () => {
    expect((await read({ path: 'src/a.ts', start: 10, end: 99 })).content).toBe(
      'src/a.ts, lines 10-10 of 10\n10\tline 10',
    );
    expect(await read({ path: 'src/a.ts', start: 11 })).toEqual({
      content: 'src/a.ts has only 10 lines; start was 11.',
      isError: true,
    });
    expect(await read({ path: 'src/a.ts', start: 5, end: 4 })).toMatchObject({ isError: true });
  });

  test('an absolute path into the tree means the same file', async () => {
    expect((await read({ path: join(tree.root, 'src/b.ts') })).content).toContain('src/b.ts, lines 1-2 of 2');
  });

  test('2,000 lines a call are shown over all files; the longest is cut for the others, and its rest announced', async () => {
    tree.put('long.txt', lines(1_999));
    const { content } = await read({ path: 'long.txt' }, { path: 'src/a.ts' }, { path: 'src/b.ts' });
    expect(content).toMatch(/^long\.txt, lines 1-1988 of 1999\n/);
    expect(content).toContain(
      '1988\tline 1988\n[cut at the limit of 2,000 lines or 40 KB a call; go on with start 1989]\n\nsrc/a.ts, lines 1-10 of 10',
    );
    expect(content).toContain('src/b.ts, lines 1-2 of 2');
  });

  test('of two files that are too long together each is cut as long as the other', async () => {
    tree.put('one.txt', `${'x'.repeat(99)}\n`.repeat(300));
    tree.put('two.txt', `${'y'.repeat(99)}\n`.repeat(900));
    const { content } = await read({ path: 'two.txt' }, { path: 'one.txt' }, { path: 'src/a.ts' });
    const ends = [...content.matchAll(/^(\w+)\.txt, lines 1-(\d+) of/gm)].map(([, name, end]) => [name, Number(end)]);
    expect(ends).toEqual([
      ['two', expect.any(Number)],
      ['one', expect.any(Number)],
    ]);
    expect(Math.abs(Number(ends[0]?.[1]) - Number(ends[1]?.[1]))).toBeLessThan(5);
    expect(content).toContain('src/a.ts, lines 1-10 of 10');
  });

  test('40 KB a call are shown', async () => {
    tree.put('wide.txt', `${'é'.repeat(500)}\n`.repeat(100));
    const { content } = await read({ path: 'wide.txt' });
    expect(Buffer.byteLength(content)).toBeLessThan(40 * 1024 + 200);
    expect(content).toMatch(/^wide.txt, lines 1-40 of 100/);
    expect(content).toMatch(/go on with start 41\]$/);
  });

  test('a line above 2,000 characters is cut and its length named', async () => {
    tree.put('min.js', 'x'.repeat(2_001));
    expect((await read({ path: 'min.js' })).content).toBe(
      `min.js, lines 1-1 of 1\n1\t${'x'.repeat(2_000)} [line cut: 2001 characters]`,
    );
  });

  test('an empty file is called empty', async () => {
    tree.put('empty', '');
    expect((await read({ path: 'empty' })).content).toBe('empty is empty.');
  });
});

describe('what is not a text file', () => {
  test('a directory is listed', async () => {
    expect((await read({ path: 'src' })).content).toBe('src is a directory with 2 entries:\na.ts\nb.ts');
    expect((await read({ path: '.' })).content).toContain('src/');
  });

  test('a binary is refused with its size', async () => {
    tree.put('logo.png', Buffer.from([0x89, 0x50, 0, 1, 2]));
    expect(await read({ path: 'logo.png' })).toEqual({
      content: 'logo.png is a binary file of 5 bytes.',
      isError: true,
    });
  });

  test('a FIFO, a socket and a device are refused without waiting for them', async () => {
    execFileSync('mkfifo', [join(tree.root, 'pipe')]);
    expect(await read({ path: 'pipe' })).toEqual({ content: 'pipe is a FIFO, not a file.', isError: true });
    const server = createServer().listen(join(tree.root, 'socket'));
    await once(server, 'listening');
    expect(await read({ path: 'socket' })).toEqual({ content: 'socket is a socket, not a file.', isError: true });
    server.close();
    symlinkSync('/dev/zero', join(tree.root, 'zero'));
    expect(await read({ path: 'zero' })).toMatchObject({ isError: true });
  });

  test('a file above 10 MiB is refused with another way to see it', async () => {
    tree.put('big.log', Buffer.alloc(11 * 1024 * 1024, 'x'));
    expect((await read({ path: 'big.log' })).content).toContain('big.log has 11.0 MiB');
  });
});

describe('what does not exist', () => {
  test('near names are suggested, first the same name elsewhere', async () => {
    tree.put('lib/deep/user-service.ts', '');
    expect((await read({ path: 'src/user-service.ts' })).content).toBe(
      'src/user-service.ts does not exist. Near: lib/deep/user-service.ts.',
    );
    expect((await read({ path: 'src/aa.ts' })).content).toMatch(/Near: src\/a\.ts, src\/b\.ts/);
    expect((await read({ path: 'entirely/elsewhere.md' })).content).toBe('entirely/elsewhere.md does not exist.');
  });

  test('one missing file of several does not hide the others', async () => {
    const result = await read({ path: 'gone' }, { path: 'src/b.ts' });
    expect(result.isError).toBe(false);
    expect(result.content).toContain('gone does not exist.');
    expect(result.content).toContain('2\ty');
  });
});

describe('links', () => {
  test('inside the tree are followed', async () => {
    symlinkSync('src/b.ts', join(tree.root, 'alias'));
    expect((await read({ path: 'alias' })).content).toContain('alias, lines 1-2 of 2');
  });

  test('out of the tree are not followed, as a file or as a directory on the way', async () => {
    writeFileSync(join(tree.outside, 'secret'), 'hidden words');
    symlinkSync(join(tree.outside, 'secret'), join(tree.root, 'file-link'));
    symlinkSync('../outside', join(tree.root, 'directory-link'));
    symlinkSync('directory-link', join(tree.root, 'second-link'));
    for (const path of ['file-link', 'directory-link/secret', 'second-link/secret', 'directory-link']) {
      const result = await read({ path });
      expect(result.isError).toBe(true);
      expect(result.content).toContain('a link that leads out of the project');
      expect(result.content).not.toContain('hidden words');
    }
  });

  test('to nothing and in circles are refused', async () => {
    symlinkSync('nowhere', join(tree.root, 'dangling'));
    symlinkSync('circle', join(tree.root, 'circle'));
    expect((await read({ path: 'dangling' })).content).toContain('leads nowhere');
    expect(await read({ path: 'circle' })).toMatchObject({ isError: true });
  });

  test('a path that climbs out, by dots or absolutely, is refused', async () => {
    for (const path of ['../outside/secret', 'src/../../outside', '/etc/passwd', `${tree.root}/../outside`, 'a\0b']) {
      expect(await read({ path })).toMatchObject({ isError: true });
    }
  });
});

describe('logs', () => {
  test('are read by their virtual path and cannot be climbed out of', async () => {
    expect((await read({ path: '.ai/logs/1.txt' })).content).toBe('.ai/logs/1.txt does not exist.');
    mkdirSync(tree.logDirectory);
    writeFileSync(join(tree.logDirectory, '1.txt'), 'full output\n');
    writeFileSync(join(tree.outside, 'secret'), 'hidden');
    symlinkSync(join(tree.outside, 'secret'), join(tree.logDirectory, '2.txt'));
    expect((await read({ path: '.ai/logs/1.txt' })).content).toBe('.ai/logs/1.txt, lines 1-1 of 1\n1\tfull output');
    expect((await read({ path: '.ai/logs' })).content).toContain('1.txt');
    expect(await read({ path: '.ai/logs/2.txt' })).toMatchObject({ isError: true });
    expect(await read({ path: '.ai/logs/../../../outside/secret' })).toMatchObject({ isError: true });
    expect((await read({ path: '.ai/logs/9.txt' })).content).toBe('.ai/logs/9.txt does not exist.');
  });
});

describe('what was shown before', () => {
  const range = { path: 'long.txt', start: 1, end: 100 };
  beforeEach(() => tree.put('long.txt', lines(200)));

  test('is not shown again while it is the same, but is when asked for again', async () => {
    const first = await read(range);
    expect(first.content).toContain('100\tline 100');
    expect(await read(range)).toEqual({
      content: 'long.txt, lines 1-100 of 200: unchanged since it was shown to you (ask again to see it again)',
      isError: false,
    });
    expect(await read(range)).toEqual(first);
    expect((await read({ ...range, start: 20, end: 80 })).content).toContain('lines 20-80 of 200: unchanged');
    expect((await read({ ...range, start: 30, end: 90 })).content).toContain('31\tline 31');
  });

  test('is shown again when more is asked for, or when any of its lines changed', async () => {
    await read(range);
    expect((await read({ path: 'long.txt', start: 1, end: 101 })).content).toContain('\n1\tline 1\n');
    await tree.call('bash', { command: "sed -i '50s/$/ more/' long.txt" });
    expect((await read({ ...range, start: 51 })).content).toContain('unchanged');
    expect((await read({ ...range, end: 50 })).content).toContain('50\tline 50 more');
    await tree.call('bash', { command: "sed -i '50s/ more$//' long.txt" });
    expect((await read({ ...range, end: 60 })).content).toContain('50\tline 50\n');
  });

  test('is shown again after a line was put before it', async () => {
    await read(range);
    await tree.call('edit', { path: 'long.txt', edits: [{ old_string: 'line 1\n', new_string: 'new\nline 1\n' }] });
    expect((await read(range)).content).toContain('\n2\tline 1\n');
  });

  test('is shown again when the conversation has forgotten it', async () => {
    await read(range);
    tree.shown.forget();
    expect((await read(range)).content).toContain('100\tline 100');
  });

  test('is shown again when it is short', async () => {
    await read({ path: 'long.txt', end: 5 });
    expect((await read({ path: 'long.txt', end: 5 })).content).toContain('5\tline 5');
  });

  test('of several files in one call, takes no room from the others', async () => {
    tree.put('wide.txt', `${'x'.repeat(1_000)}\n`.repeat(39));
    await read({ path: 'wide.txt' });
    const { content } = await read({ path: 'wide.txt' }, range);
    expect(content).toContain('wide.txt, lines 1-39 of 39: unchanged');
    expect(content).toContain('100\tline 100');
  });
});
