import { expect, test } from '@jest/globals';
import { definitionBlocks } from '../../../src/plan/map/definition-blocks.ts';
import { definitionsIn } from '../../../src/plan/map/definitions.ts';

const blocksOf = (path: string, lines: readonly string[]) => definitionBlocks(definitionsIn(path, lines), lines);
const statements = (count: number, indent: string) => Array.from({ length: count }, (_, i) => `${indent}run(${i});`);

test('of a long class the head is shown apart from its members', () => {
  const method = ['  /** Why. */', '  add(a) {', ...statements(30, '    '), '  }', ''];
  const lines = ['class Shop {', '  constructor() {', '    this.a = 1;', '  }', '', ...method, ...method, '}'];
  expect(blocksOf('a.js', lines).map(({ title, end, pieces }) => ({ title, end, pieces }))).toEqual([
    { title: 'class Shop', end: 74, pieces: [{ start: 1, end: 4 }] },
    { title: 'add', end: 38, pieces: [{ start: 6, end: 38 }] },
  ]);
});

test('a short class is one piece', () => {
  const [shop] = blocksOf('a.js', ['class Shop {', '  add(a) {', '    run();', '  }', '}']);
  expect(shop?.pieces).toEqual([{ start: 1, end: 5 }]);
});

test('a long function is cut between its statements', () => {
  const statement = ['  if (a) {', ...statements(13, '    '), '  }', ''];
  const lines = ['function run() {', ...Array.from({ length: 6 }, () => statement).flat(), '}'];
  const [run] = blocksOf('a.js', lines);
  expect(run?.pieces).toEqual([
    { start: 1, end: 32 },
    { start: 34, end: 64 },
    { start: 66, end: 98 },
  ]);
});

test('a comment is not cut, and counts as one line', () => {
  const lines = ['def run():', '    """Why.', ...statements(50, '    '), '    """', ...statements(30, '    ')];
  expect(blocksOf('a.py', lines)[0]?.pieces).toEqual([{ start: 1, end: 83 }]);
});

test('of overloads the one with the code is kept', () => {
  const lines = ['function a(b: string): void;', 'function a(b: unknown): void {', '  run(b);', '}'];
  expect(blocksOf('a.ts', lines)).toMatchObject([{ line: 2, end: 4 }]);
});
