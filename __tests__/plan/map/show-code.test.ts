import { expect, test } from '@jest/globals';
import { showCode, type Place } from '../../../src/plan/map/show-code.ts';

const filler = Array.from({ length: 80 }, (_, i) => `const x${i} = ${i};`);
const whole = (path: string, lines: readonly string[]): Place => ({
  path,
  lines,
  start: 1,
  end: lines.length,
  of: null,
});
/** Lines of a definition that begins at `line` and ends at `last`. */
const part = (lines: readonly string[], start: number, end: number, line = start, last = end): Place => ({
  path: 'a.js',
  lines,
  start,
  end,
  of: { title: 'class A', line, end: last },
});

test('a definition is shown with its comment and numbered lines, a whole file whole', () => {
  const lines = [...filler, '// why', 'function a() {', '  b();', '}', '', ...filler];
  expect(showCode([part(lines, 81, 84, 82)], 1_000).text).toBe(
    '### a.js, lines 81-84 of 165\n81\t// why\n82\tfunction a() {\n83\t  b();\n84\t}',
  );
  const { text, ranges } = showCode([whole('b.js', ['one', 'two'])], 1_000);
  expect(text).toBe('### b.js, whole (2 lines)\n1\tone\n2\ttwo');
  expect(ranges).toEqual([{ path: 'b.js', start: 1, end: 2, isWhole: true }]);
});

test('of what a piece is a part is said in words', () => {
  const heads = (place: Place) => showCode([place], 10_000).text.split('\n')[0];
  expect(heads(part(filler, 1, 9, 2, 70))).toBe(
    '### a.js, lines 1-9 of 80, the beginning of class A, which ends at 70',
  );
  expect(heads(part(filler, 30, 40, 2, 70))).toBe('### a.js, lines 30-40 of 80, part of class A (2-70)');
});

test('what was shown is not shown again, and there is no more than the room', () => {
  expect(showCode([part(filler, 1, 20), part(filler, 5, 30)], 5_000).ranges).toMatchObject([{ start: 1, end: 20 }]);
  expect(showCode([part(filler, 1, 30), part(filler, 31, 60)], 700).text.length).toBeLessThanOrEqual(700);
});

test('a definition takes the place of those inside it that were shown before', () => {
  const { ranges } = showCode([part(filler, 3, 5), part(filler, 40, 41), part(filler, 1, 20)], 5_000);
  expect(ranges).toMatchObject([
    { start: 1, end: 20 },
    { start: 40, end: 41 },
  ]);
});

test('pieces stand file by file in order of lines, and those of one definition that follow each other are one', () => {
  const lines = [...filler.slice(0, 9), '', ...filler];
  const places = [part(lines, 11, 20, 1, 70), whole('b.js', ['one']), part(lines, 1, 9, 1, 70)];
  expect(showCode(places, 5_000).text.match(/^(###.*|\d+\tone|10\t)$/gm)).toEqual([
    '### a.js, lines 1-20 of 90, the beginning of class A, which ends at 70',
    '10\t',
    '### b.js, whole (1 lines)',
    '1\tone',
  ]);
});

test('a piece that does not fit gives way to the next', () => {
  const { text } = showCode([whole('a.js', filler), part(filler, 7, 9)], 300);
  expect(text).toContain('### a.js, lines 7-9 of 80');
  expect(text).not.toContain('x1 =');
});

test('where whole files are too much, long comments are left out but for their ends', () => {
  const comment = ['/**', ...Array.from({ length: 30 }, (_, i) => ` * words ${i}`), ' */'];
  const place = whole('a.js', [...comment, 'a();']);
  expect(showCode([place], 2_000).text).toContain('words 10');
  expect(showCode([place], 300).text).toBe(
    '### a.js, whole (33 lines)\n1\t/**\n\t[lines 2-29: comment]\n30\t * words 28\n31\t * words 29\n32\t */\n33\ta();',
  );
});

test('a line of four hundred characters is shown as it is, and the cut of a longer one is marked', () => {
  const shown = (length: number) => showCode([whole('a.js', ['x'.repeat(length)])], 2_000).text;
  expect(shown(400)).toContain(`1\t${'x'.repeat(400)}`);
  expect(shown(401)).toContain(`${'x'.repeat(400)}…[cut]`);
});

test('a long docstring is left out, and said to be', () => {
  const doc = Array.from({ length: 30 }, (_, i) => `    words ${i}`);
  const lines = [...filler, 'def a(b):', '    """Does it.', ...doc, '    """', '    return b'];
  expect(showCode([part(lines, 81, 114)], 1_000).text).toBe(
    '### a.js, lines 81-114 of 114\n81\tdef a(b):\n82\t    """Does it.\n\t[lines 83-112: comment]\n113\t    """\n114\t    return b',
  );
  const short = [...filler, 'def a(b):', '    """Does it.', '    """', ...doc];
  expect(showCode([part(short, 81, 113)], 2_000).text).not.toContain('comment]');
});
