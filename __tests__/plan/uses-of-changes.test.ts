import { afterEach, expect, test } from '@jest/globals';
import { usesOfChanges } from '../../src/plan/uses-of-changes.ts';
import { git, makeBed, writeFiles, type Bed, type Files } from '../adapters/git-bed.ts';

let bed: Bed | undefined;
afterEach(() => bed?.close());

/** Uses in the commit that writes `change` over `before`. */
async function usesAfter(before: Files, change: Files): Promise<readonly string[]> {
  bed = await makeBed(before);
  await writeFiles(bed.checkout, change);
  git(bed.checkout, 'commit', '--quiet', '--all', '--message=change');
  return usesOfChanges(git(bed.checkout, 'rev-parse', 'HEAD'), git(bed.checkout, 'diff', 'HEAD~'), bed.store);
}

const cart = (body: string): string => `export function total(list) {\n  ${body}\n}\n`;

test('lines elsewhere that use a name of the change are told: calls before imports, whole words, four of each file', async () => {
  const uses = await usesAfter(
    {
      'src/cart.ts': cart('return 1;'),
      'src/pay.ts': 'import { total } from "./cart";\n\npay(total([]));\nsubtotal(1);\nTOTAL(2);\n',
      'src/many.ts': 'total(1);\n'.repeat(40),
      'src/more.ts': "total('a', total(1), 'b');\n",
      'test/cart.test.ts': 'total([1]);\n',
      'dist/pay.js': 'total(1);\n',
    },
    { 'src/cart.ts': cart('return list.length;') },
  );
  expect(uses).toEqual([
    ...[1, 2, 3, 4].map((line) => `src/many.ts:${line}: total(1);`),
    "src/more.ts:1: total('a', total(1), 'b');",
    'src/pay.ts:1: import { total } from "./cart";',
    'src/pay.ts:3: pay(total([]));',
  ]);
});

test('prose, settings, comments and sentences in strings are no uses, wherever they stand', async () => {
  const uses = await usesAfter(
    {
      'src/cart.ts': cart('return 1;'),
      '.github/workflows/ci.yml': 'run: total (1)\n',
      'docs/cart.md': 'Call `total(list)`.\n',
      'docs/example.ts': 'total(1);\n',
      'src/say.ts': '// total(1)\n/**\n * total(1)\n */\nsay("the total (1) of it");\nsay(1); // total(1)\n',
    },
    { 'src/cart.ts': cart('return list.length;') },
  );
  expect(uses).toEqual(['docs/example.ts:1: total(1);']);
});

const parser = (flags: string): string =>
  [
    'class Parser extends Base {',
    '  constructor() {',
    `    this.flags = ${flags};`,
    '  }',
    ...Array.from({ length: 8 }, () => ''),
    '  readFlags() {',
    '    return this.flags;',
    '  }',
    ...Array.from({ length: 8 }, (_, index) => `// ${index}`),
    '  describe(text) {',
    '    return text;',
    '  }',
    '}',
    'module.exports = { Parser };',
    '',
  ].join('\n');

test('a class is not a name that changed when something in it did; a property is, also in the rest of its file', async () => {
  const uses = await usesAfter(
    {
      'lib/parser.js': parser('[]'),
      'lib/main.js': 'const { Parser } = require("./parser");\nnew Parser().flags.push(1);\n',
    },
    { 'lib/parser.js': parser('new Set()') },
  );
  expect(uses).toEqual(['lib/main.js:2: new Parser().flags.push(1);', 'lib/parser.js:14: return this.flags;']);
});

test('lines come in their order, and a name on every other line is left out', async () => {
  const two = (body: string): string =>
    `export function settle() {\n  ${body}\n}\nexport function value() {\n  ${body}\n}\n`;
  const uses = await usesAfter(
    {
      'src/pay.ts': two('return 1;') + cart('return 1;'),
      'src/main.ts': `total(1);\ntotal(2);\nsettle();\n${'value();\n'.repeat(80)}`,
    },
    { 'src/pay.ts': two('return 2;') + cart('return 2;') },
  );
  expect(uses).toEqual(['src/main.ts:1: total(1);', 'src/main.ts:2: total(2);', 'src/main.ts:3: settle();']);
});

test('what a module does not export is used in its own file alone', async () => {
  const module = (body: string): string =>
    `${cart(body).replace('export ', '')}${'\n'.repeat(5)}export const sum = () => total([]);\n`;
  const uses = await usesAfter(
    { 'src/cart.ts': module('return 1;'), 'src/other.ts': 'const total = () => 2;\ntotal();\n' },
    { 'src/cart.ts': module('return 2;') },
  );
  expect(uses).toEqual(['src/cart.ts:9: export const sum = () => total([]);']);
});

test('what was taken away is looked up too, and not what stood beside it', async () => {
  const beside = 'export function settle() {\n  return 1;\n}\n';
  const uses = await usesAfter(
    { 'src/cart.ts': beside + cart('return 1;'), 'src/main.ts': 'settle();\ntotal([]);\n' },
    { 'src/cart.ts': beside },
  );
  expect(uses).toEqual(['src/main.ts:2: total([]);']);
});

test('a change that defines nothing is not looked up', async () => {
  const git = {
    grep: () => Promise.reject(new Error('must not be asked')),
    readFile: () => Promise.resolve('say(1);\n'),
  };
  const diff = 'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-say(2);\n+say(1);\n';
  expect(await usesOfChanges('', diff, git)).toEqual([]);
  expect(await usesOfChanges('', '', git)).toEqual([]);
});
