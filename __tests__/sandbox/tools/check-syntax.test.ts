import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestTree, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree();
});
afterEach(() => tree.remove());

const written = async (path: string, content: string) => (await tree.call('write', { path, content })).content;

test.each([
  ['a.js', 'const a = 1;\nreturn a;\n'],
  ['a.js', 'import a from "b";\nexport default await a;\n'],
  ['a.cjs', '#!/usr/bin/env node\nmodule.exports = 1;\n'],
  ['a.mjs', 'export const a = 1;\n'],
  ['a.py', 'def f(x: int) -> int:\n    return x\n'],
  ['a.sh', '#!/bin/sh\nif true; then echo a; fi\n'],
])('%s that parses is said to', async (path, content) => {
  expect(await written(path, content)).toMatch(/ lines, syntax ok\.$/);
});

test.each([
  ['a.js', 'const a = 1;\nconst b = ;\n', /Warning: it does not parse: line 2: SyntaxError: Unexpected token ';'/],
  ['a.mjs', 'export const a = ;\n', /line 1: SyntaxError/],
  ['a.py', 'def f():\nreturn 1\n', /Warning: it does not parse: line 2: expected an indented block/],
  ['a.sh', 'if true; then\n', /Warning: it does not parse: .*unexpected end of file/],
])('%s that does not parse is warned of, with the line', async (path, content, warning) => {
  expect(await written(path, content)).toMatch(warning);
});

test.each([
  ['a.txt', 'if ('],
  ['a.ts', 'const a: = 1'],
  ['a.sh', '#!/usr/bin/env zsh\nif true {\n'],
  ['a.js', 'export const A = () => <b>hi</b>;\n'],
])('nothing is said of %s, for which there is no parser', async (path, content) => {
  expect(await written(path, content)).toMatch(/^Created \S+, \d+ lines\.$/);
});

test('nothing is said of a file that did not parse before, or whose parser is missing', async () => {
  tree.put('a.js', '@decorated class A {}\n');
  expect(await written('a.js', '@decorated class B {}\n')).toBe('Overwritten a.js, 1 lines (it had 1).');
  const edit = { path: 'b.py', content: 'def (' };
  expect((await tree.call('write', edit, { env: { PATH: '/nowhere' } })).content).toBe('Created b.py, 1 lines.');
});

test('a parser that hangs is not waited for, and the write stands', async () => {
  tree.put('bin/python3', '#!/bin/sh\nsleep 60\n');
  chmodSync(join(tree.root, 'bin/python3'), 0o755);
  const env = { PATH: `${join(tree.root, 'bin')}:/usr/bin:/bin` };
  const { content } = await tree.call('write', { path: 'a.py', content: 'a = 1\n' }, { env });
  expect(content).toBe('Created a.py, 1 lines.');
  expect(tree.text('a.py')).toBe('a = 1\n');
});

test('nothing of the project is run or read for it', async () => {
  tree.put('sitecustomize.py', 'open("ran", "w")\n');
  tree.put('ast.py', 'open("ran", "w")\n');
  tree.put('package.json', '{"type": "module"}');
  await written('a.py', 'open("ran", "w")\n');
  await written('a.js', 'require("fs").writeFileSync("ran", "");\n');
  await written('a.sh', 'touch ran\n');
  expect((await tree.call('search', { pattern: 'x', glob: 'ran', mode: 'files' })).content).toContain('of 0 files');
});
