import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestTree, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree({
    'src/a.ts': 'import x\nconst needle = 1;\nend\n',
    'src/deep/b.py': 'needle\r\n\r\nNEEDLE\r\n',
    'node_modules/dep/index.js': 'needle\n',
    '.git/config': 'needle\n',
    '.github/c.yml': 'needle\n',
  });
});
afterEach(() => tree.remove());

const search = async (input: Readonly<Record<string, unknown>>) => (await tree.call('search', input)).content;

describe('what is found', () => {
  test('hits come by file, with line numbers, in a fixed order, and are counted', async () => {
    expect(await search({ pattern: 'needle' })).toBe(
      '.github/c.yml\n1: needle\nsrc/a.ts\n2: const needle = 1;\nsrc/deep/b.py\n1: needle\n[3 hits in 3 of 3 files searched]',
    );
  });

  test('no hit says how much was searched', async () => {
    expect(await search({ pattern: 'absent' })).toBe('[0 hits in 0 of 3 files searched]');
  });

  test('a pattern is a regular expression that meets whole lines', async () => {
    expect(await search({ pattern: '^(?:NEEDLE|needle)$' })).toContain('src/deep/b.py\n1: needle\n3: NEEDLE');
    expect(await search({ pattern: '(?i)^needle$', path: 'src' })).toContain('3: NEEDLE');
  });

  test('an invalid expression is searched for literally, and that is said', async () => {
    tree.put('call.ts', 'foo(bar\n');
    expect(await search({ pattern: 'foo(bar' })).toBe(
      'The pattern is not a valid regular expression; searched for it literally.\ncall.ts\n1: foo(bar\n[1 hits in 1 of 4 files searched]',
    );
  });

  test('context lines surround the hits and gaps are marked', async () => {
    tree.put('n.txt', Array.from({ length: 20 }, (_, i) => `row ${String(i + 1)}`).join('\n'));
    expect(await search({ pattern: 'row (3|4|9)$', path: 'n.txt', context: 1 })).toBe(
      'n.txt\n2- row 2\n3: row 3\n4: row 4\n5- row 5\n--\n8- row 8\n9: row 9\n10- row 10\n[3 hits in 1 of 1 files searched]',
    );
  });

  test('files mode gives names only', async () => {
    expect(await search({ pattern: 'needle', mode: 'files', glob: 'src/**' })).toBe(
      'src/a.ts\nsrc/deep/b.py\n[2 hits in 2 of 2 files searched]',
    );
  });
});

describe('where is looked', () => {
  test.each([
    ['*.py', ['src/deep/b.py']],
    ['src/**/*.{ts,py}', ['src/a.ts', 'src/deep/b.py']],
    ['**/*.yml', ['.github/c.yml']],
    ['./src/*', ['src/a.ts']],
  ])('the glob %s selects by name or by path', async (glob, files) => {
    expect((await search({ pattern: 'needle', mode: 'files', glob })).split('\n').slice(0, -1)).toEqual(files);
  });

  test('a glob may be relative to the path searched', async () => {
    expect(await search({ pattern: 'needle', mode: 'files', path: 'src', glob: 'deep/*' })).toContain('src/deep/b.py');
  });

  test('ignored files are skipped as git does, nested rules and exceptions included', async () => {
    tree.put('.gitignore', 'build/\n*.log\n!keep.log\n/top.txt\n');
    tree.put('src/.gitignore', '*.tmp\n!x.log\n');
    for (const path of [
      'build/o.js',
      'a.log',
      'keep.log',
      'top.txt',
      'sub/top.txt',
      'src/y.tmp',
      'src/x.log',
      'z.tmp',
    ]) {
      tree.put(path, 'unique\n');
    }
    const found = (await search({ pattern: 'unique', mode: 'files' })).split('\n').slice(0, -1);
    expect(found).toEqual(['keep.log', 'src/x.log', 'sub/top.txt', 'z.tmp']);
    expect(await search({ pattern: 'unique', mode: 'files', path: 'src' })).toContain('[1 hits');
  });

  test('what is skipped is searched when the path names it', async () => {
    tree.put('.gitignore', 'build/\n');
    tree.put('build/o.js', 'unique\n');
    expect(await search({ pattern: 'unique', path: 'build' })).toContain('build/o.js\n1: unique');
    expect(await search({ pattern: 'needle', path: 'node_modules/dep' })).toContain('node_modules/dep/index.js');
  });

  test('binaries and links are passed over; a link out of the tree is refused as path', async () => {
    tree.put('bin.dat', Buffer.from('needle\0'));
    writeFileSync(join(tree.outside, 'secret'), 'needle outside');
    symlinkSync(join(tree.outside, 'secret'), join(tree.root, 'link.txt'));
    symlinkSync(tree.outside, join(tree.root, 'link-dir'));
    symlinkSync('src', join(tree.root, 'again'));
    expect(await search({ pattern: 'needle' })).toContain('[3 hits in 3 of 4 files searched]');
    expect(await tree.call('search', { pattern: 'needle', path: 'link-dir' })).toMatchObject({ isError: true });
  });

  test('a file named as path is searched whatever its size, or refused with the reason', async () => {
    tree.put('big.sql', `${'x'.repeat(99)}\n`.repeat(50_000) + 'the needle\n');
    expect(await search({ pattern: 'the needle' })).toContain('[0 hits');
    expect(await search({ pattern: 'the needle', path: 'big.sql' })).toBe(
      'big.sql\n50001: the needle\n[1 hits in 1 of 1 files searched]',
    );
    tree.put('bin.dat', Buffer.from('needle\0'));
    expect(await tree.call('search', { pattern: 'needle', path: 'bin.dat' })).toEqual({
      content: 'bin.dat is a binary file.',
      isError: true,
    });
    tree.put('huge.sql', Buffer.alloc(11 * 1024 * 1024, 'x'));
    expect((await tree.call('search', { pattern: 'needle', path: 'huge.sql' })).content).toContain('above 10 MiB');
  });

  test('a .gitignore that is a link is not read', async () => {
    writeFileSync(join(tree.outside, 'rules'), '*.ts\n');
    symlinkSync(join(tree.outside, 'rules'), join(tree.root, '.gitignore'));
    expect(await search({ pattern: 'needle', mode: 'files' })).toContain('src/a.ts');
  });

  test('logs are searched only when they are named', async () => {
    mkdirSync(tree.logDirectory);
    writeFileSync(join(tree.logDirectory, '1.txt'), 'a\nneedle in the log\n');
    expect(await search({ pattern: 'needle in' })).toContain('[0 hits');
    expect(await search({ pattern: 'needle in', path: '.ai/logs' })).toContain('.ai/logs/1.txt\n2: needle in the log');
    expect(await search({ pattern: 'needle in', path: '.ai/logs/1.txt' })).toContain(
      '.ai/logs/1.txt\n2: needle in the log',
    );
  });

  test('a missing path is refused with a suggestion', async () => {
    expect(await search({ pattern: 'x', path: 'src/aa.ts' })).toContain('Near: src/a.ts');
  });
});

describe('bounds', () => {
  test('a hundred hits are shown, and that there are more is said; exactly a hundred is all', async () => {
    tree.put('many.txt', 'hit me\n'.repeat(101));
    const more = await search({ pattern: 'hit me' });
    expect(more.match(/: hit me/g)).toHaveLength(100);
    expect(more).toContain('[the first 100 hits in 1 of 2 files searched; there are more');
    tree.put('many.txt', 'hit me\n'.repeat(100));
    expect(await search({ pattern: 'hit me' })).toContain('[100 hits in 1 of 4 files searched]');
  });

  test('a line above 500 characters is cut', async () => {
    tree.put('min.js', `needle${'x'.repeat(5_000)}`);
    expect(await search({ pattern: 'needle', path: 'min.js' })).toContain('[line cut: 5006 characters]');
  });

  test('long lines and much context together stay within 30,000 characters', async () => {
    tree.put('wide.txt', `${'needle '.repeat(70)}\n`.repeat(99));
    const content = await search({ pattern: 'needle', path: 'wide.txt', context: 10 });
    expect(content.length).toBeLessThan(31_000);
    expect(content).toContain('[cut at 30000 characters: narrow the search]');
  });

  test('an expression that would backtrack for ever costs one file its turn, not the search', async () => {
    tree.put('evil.txt', `${'a'.repeat(60)}b\n`);
    tree.put('good.txt', 'aaa\n');
    const startedMs = performance.now();
    const content = await search({ pattern: '^(a+)+$' });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(content).toContain('good.txt\n1: aaa');
    expect(content).toContain('The pattern was too slow for evil.txt');
  });
});
