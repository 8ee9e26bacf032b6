import { expect, test } from '@jest/globals';
import { showCode } from '../../../src/plan/map/show-code.ts';

const filler = Array.from({ length: 80 }, (_, i) => `const x${i} = ${i};`);

test('a definition is shown with its comment and numbered lines, a whole file whole', () => {
  const lines = [...filler, '// why', 'function a() {', '  b();', '}', '', ...filler];
  expect(showCode([{ path: 'a.js', lines, line: 82 }], 1_000).text).toBe(
    '### a.js, lines 81-84 of 165\n81\t// why\n82\tfunction a() {\n83\t  b();\n84\t}',
  );
  const whole = showCode([{ path: 'b.js', lines: ['one', 'two'], line: null }], 1_000);
  expect(whole.text).toBe('### b.js, whole (2 lines)\n1\tone\n2\ttwo');
  expect(whole.ranges).toEqual([{ path: 'b.js', start: 1, end: 2, isWhole: true }]);
});

test('what was shown is not shown again, and there is no more than the room', () => {
  const lines = ['function a() {', ...filler.map((line) => `  ${line}`), '}'];
  const place = { path: 'a.js', lines, line: 1 };
  expect(showCode([place, { ...place, line: 5 }], 5_000).text.match(/###/g)).toHaveLength(1);
  expect(showCode([place, { ...place, path: 'b.js' }], 800).text.length).toBeLessThanOrEqual(800);
});

test('a definition that is too long is cut between statements, and said to go on', () => {
  const statement = ['  run(', '    first,', '    second,', '  );'];
  const lines = ['function a() {', ...Array.from({ length: 40 }, () => statement).flat(), '}'];
  const { text, ranges } = showCode([{ path: 'a.js', lines, line: 1 }], 5_000);
  expect(text).toMatch(/^### a\.js, lines 1-\d+ of 162 \(it goes on to 162\)\n/);
  expect(text.endsWith('\t  );')).toBe(true);
  expect(ranges[0]?.end).toBeLessThanOrEqual(90);
});

test('a file that does not fit whole gives way to its definitions', () => {
  const lines = [...filler, 'function a() {', '  b();', '}'];
  const whole = { path: 'a.js', lines, line: null };
  const { text } = showCode([whole, { ...whole, line: 81 }], 300);
  expect(text).toContain('### a.js, lines 81-83 of 83');
  expect(text).not.toContain('x1 =');
});

test('where whole files are too much, long comments are left out but for their ends', () => {
  const comment = ['/**', ...Array.from({ length: 30 }, (_, i) => ` * words ${i}`), ' */'];
  const place = { path: 'a.js', lines: [...comment, 'a();'], line: null };
  expect(showCode([place], 2_000).text).toContain('words 10');
  expect(showCode([place], 300).text).toBe(
    '### a.js, whole (33 lines)\n1\t/**\n\t[lines 2-29: comment]\n30\t * words 28\n31\t * words 29\n32\t */\n33\ta();',
  );
});

test('a line of four hundred characters is shown as it is, and the cut of a longer one is marked', () => {
  const shown = (length: number) => showCode([{ path: 'a.js', lines: ['x'.repeat(length)], line: null }], 2_000).text;
  expect(shown(400)).toContain(`1\t${'x'.repeat(400)}`);
  expect(shown(401)).toContain(`${'x'.repeat(400)}…[cut]`);
});

test('a long docstring is left out, and said to be', () => {
  const doc = Array.from({ length: 30 }, (_, i) => `    words ${i}`);
  const lines = [...filler, 'def a(b):', '    """Does it.', ...doc, '    """', '    return b'];
  expect(showCode([{ path: 'a.py', lines, line: 81 }], 1_000).text).toBe(
    '### a.py, lines 81-114 of 114\n81\tdef a(b):\n82\t    """Does it.\n\t[lines 83-112: comment]\n113\t    """\n114\t    return b',
  );
  const short = [...filler, 'def a(b):', '    """Does it.', '    """', ...doc];
  expect(showCode([{ path: 'a.py', lines: short, line: 81 }], 2_000).text).not.toContain('comment]');
});
