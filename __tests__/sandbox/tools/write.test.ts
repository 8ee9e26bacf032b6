import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ToolContext } from '../../../src/sandbox/tools/tool.ts';
import { createTestTree, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree();
});
afterEach(() => tree.remove());

const write = (path: string, content: string, context?: Partial<ToolContext>) =>
  tree.call('write', { path, content }, context);

describe('files', () => {
  test('a new file is created with its directories', async () => {
    expect((await write('a/b/c.txt', 'one\ntwo')).content).toBe('Created a/b/c.txt, 2 lines.');
    expect(tree.text('a/b/c.txt')).toBe('one\ntwo');
  });

  test('an existing file is overwritten whole', async () => {
    tree.put('c.txt', 'a much longer text\n\n\n');
    expect((await write('c.txt', 'x\n')).content).toBe('Overwritten c.txt, 1 lines (it had 3).');
    expect(tree.text('c.txt')).toBe('x\n');
    expect((await write('c.txt', '')).content).toBe('Overwritten c.txt, 0 lines (it had 1).');
  });

  test('JSON is checked', async () => {
    expect((await write('p.json', '{"a":1}')).content).toBe('Created p.json, 1 lines, syntax ok.');
    expect((await write('q.json', '{"a":1,}')).content).toMatch(/\nWarning: it does not parse: /);
  });

  test('a directory, a FIFO and a file in place of a directory are refused', async () => {
    mkdirSync(join(tree.root, 'd'));
    execFileSync('mkfifo', [join(tree.root, 'pipe')]);
    tree.put('file', 'x');
    for (const path of ['d', '.', 'pipe', 'file/below']) {
      expect(await write(path, 'x')).toMatchObject({ isError: true });
    }
    expect(tree.text('file')).toBe('x');
  });
});

describe('places outside', () => {
  test('are not written to, neither by dots, absolutely, nor through any kind of link', async () => {
    symlinkSync('../outside', join(tree.root, 'directory-link'));
    symlinkSync('../outside/new', join(tree.root, 'dangling-link'));
    symlinkSync('directory-link', join(tree.root, 'second-link'));
    const paths = ['../outside/new', join(tree.outside, 'new'), 'directory-link/new', 'directory-link/deep/new'];
    for (const path of [...paths, 'dangling-link', 'second-link/new', 'a/../../outside/new']) {
      expect(await write(path, 'x')).toMatchObject({ isError: true });
    }
    expect(readdirSync(tree.outside)).toEqual([]);
    expect(existsSync(join(tree.root, 'a'))).toBe(false);
  });

  test('logs cannot be written', async () => {
    expect((await write('.ai/logs/1.txt', 'x')).content).toBe('Logs are read-only.');
  });
});

describe('ownership', () => {
  const foreign = [{ glob: 'src/api/**', owner: 'TASK-002 (backend-dev)' }];

  test("another task's path is refused with its owner's name, also when it is owned as well", async () => {
    const result = await write('src/api/x.ts', 'x', { owns: ['src/**'], foreign });
    expect(result.isError).toBe(true);
    expect(result.content).toContain('src/api/x.ts belongs to TASK-002 (backend-dev) (src/api/**).');
    expect(await write('src/web/x.ts', 'x', { owns: ['src/**'], foreign })).toMatchObject({ isError: false });
    const open = foreign.map((one) => ({ ...one, except: ['src/api/x.ts'] }));
    expect(await write('src/api/x.ts', 'x', { owns: ['src/**'], foreign: open })).toMatchObject({ isError: false });
    expect(await write('src/api/y.ts', 'x', { owns: ['src/**'], foreign: open })).toMatchObject({ isError: true });
  });

  test('a path outside the owned globs is refused with those globs', async () => {
    const result = await write('docs/x.md', 'x', { owns: ['src/**', 'test/*.ts'] });
    expect(result.isError).toBe(true);
    expect(result.content).toContain('(src/**, test/*.ts)');
    expect(await write('src/.hidden/x', 'x', { owns: ['src/**'] })).toMatchObject({ isError: false });
  });

  test('the rule holds for edit, and for spellings and links that lead to the same file', async () => {
    tree.put('src/api/x.ts', 'a');
    mkdirSync(join(tree.root, 'mine'));
    symlinkSync('../src/api', join(tree.root, 'mine/link'));
    const edits = [{ old_string: 'a', new_string: 'b' }];
    for (const path of ['src/api/x.ts', './src/web/../api/x.ts', 'mine/link/x.ts', join(tree.root, 'src/api/x.ts')]) {
      const result = await tree.call('edit', { path, edits }, { foreign });
      expect(result.isError).toBe(true);
      expect(result.content).toContain('TASK-002');
    }
    expect(tree.text('src/api/x.ts')).toBe('a');
  });

  test.each(['.git/config', '.GIT/hooks/pre-commit', 'sub/.git/config', 'git~1/config', '.git', '.git./config'])(
    '%s is never written',
    async (path) => {
      expect((await write(path, 'x')).content).toContain("git's own");
      expect(readdirSync(tree.root)).toEqual([]);
    },
  );

  test('names that only begin like git are written', async () => {
    expect(await write('.github/x.yml', 'x')).toMatchObject({ isError: false });
    expect(await write('.gitignore', 'x')).toMatchObject({ isError: false });
  });
});
