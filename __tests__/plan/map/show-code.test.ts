import { describe, expect, test } from '@jest/globals';
import { blockEnd, showCode } from '../../../src/plan/map/show-code.ts';

const filler = Array.from({ length: 80 }, (_, i) => `const x${i} = ${i};`);

describe('a block', () => {
  test.each([
    ['function a() {\n  b();\n\n  c();\n}\nnext();', 5],
    ['function a(\n  b,\n): void {\n  c();\n}', 5],
    ['def a(\n    b,\n) -> int:\n    return 1\n\nnext()', 5],
    ['def a\n  b\nend\nnext', 3],
    ['int a()\n{\n  b();\n}\n', 4],
    ['const a = 1;\nconst b = 2;', 1],
  ])('%j ends by its indentation', (code, end) => {
    expect(blockEnd(code.split('\n'), 1)).toBe(end);
  });
});

test('a definition is shown with its comment and numbered lines, a small file whole', () => {
  const lines = [...filler, '// why', 'function a() {', '  b();', '}', '', ...filler];
  expect(showCode([{ path: 'a.js', lines, line: 82 }], 1_000)).toBe(
    '### a.js, lines 81-84 of 165\n81\t// why\n82\tfunction a() {\n83\t  b();\n84\t}',
  );
  expect(showCode([{ path: 'b.js', lines: ['one', 'two'], line: 2 }], 1_000)).toBe(
    '### b.js, lines 1-2 of 2\n1\tone\n2\ttwo',
  );
});

test('what was shown is not shown again, sixty lines are enough, and there is no more than the room', () => {
  const lines = ['function a() {', ...filler.map((line) => `  ${line}`), '}'];
  const place = { path: 'a.js', lines, line: 1 };
  const shown = showCode([place, { ...place, line: 5 }], 5_000);
  expect(shown).toMatch(/^### a\.js, lines 1-60 of 82\n/);
  expect(shown.match(/###/g)).toHaveLength(1);
  expect(showCode([place, { ...place, path: 'b.js' }], 800).length).toBeLessThanOrEqual(800);
});

test('a long docstring is left out, and said to be', () => {
  const doc = Array.from({ length: 30 }, (_, i) => `    words ${i}`);
  const lines = [...filler, 'def a(b):', '    """Does it.', ...doc, '    """', '    return b'];
  expect(showCode([{ path: 'a.py', lines, line: 81 }], 1_000)).toBe(
    '### a.py, lines 81-114 of 114\n81\tdef a(b):\n82\t    """Does it.\n\t[lines 83-112: docstring]\n113\t    """\n114\t    return b',
  );
  const short = [...filler, 'def a(b):', '    """Does it.', '    """', ...doc];
  expect(showCode([{ path: 'a.py', lines: short, line: 81 }], 2_000)).not.toContain('docstring]');
});
