import { describe, expect, test } from '@jest/globals';
import { blockEnd, shownStart } from '../../../src/plan/map/block-end.ts';

describe('a block', () => {
  test.each([
    ['function a() {\n  b();\n\n  c();\n}\nnext();', 5],
    ['function a(\n  b,\n): void {\n  c();\n}', 5],
    ['def a(\n    b,\n) -> int:\n    return 1\n\nnext()', 5],
    ['def a\n  b\nend\nnext', 3],
    ['int a()\n{\n  b();\n}\n', 4],
    ['const a = 1;\nconst b = 2;', 1],
    ['class A {\n  say() {\n    return `no\nindent`;\n  }\n}\nnext();', 6],
    ['class A {\npublic:\n  int b;\n};\nnext();', 4],
  ])('%j ends by its indentation', (code, end) => {
    expect(blockEnd(code.split('\n'), 1)).toBe(end);
  });
});

test('a definition begins with its comment, unless that is long', () => {
  const comment = (length: number) => Array.from({ length }, () => '// why');
  expect(shownStart([...comment(3), 'function a() {'], 4)).toBe(1);
  expect(shownStart([...comment(9), 'function a() {'], 10)).toBe(10);
});
