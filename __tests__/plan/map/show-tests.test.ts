import { expect, test } from '@jest/globals';
import { showTests } from '../../../src/plan/map/show-tests.ts';
import { testHeadings } from '../../../src/plan/map/test-headings.ts';

const fileOf = (path: string, text: string, named = '\0') => {
  const lines = text.split('\n');
  return {
    path,
    lines,
    headings: testHeadings(path, lines),
    worthOfLine: (line: number) => ((lines[line - 1] ?? '').includes(named) ? 1 : 0),
  };
};

test('headings are found in scripts, and test functions in other languages', () => {
  const of = (path: string, text: string) =>
    testHeadings(path, text.split('\n')).map(({ line, text: said }) => [line, said]);
  expect(
    of('a.test.ts', "describe('cart', () => {\n  it.skip(`it's`, () => {});\n  test.each([1])('n', f);\n});"),
  ).toEqual([
    [1, 'describe: cart'],
    [2, "it: it's"],
    [3, 'test.each'],
  ]);
  expect(of('test_a.py', 'import a\n\ndef test_cart():\n    pass\ndef other(): pass')).toEqual([
    [3, 'def test_cart():'],
  ]);
  expect(of('a_test.go', 'func TestCart(t *testing.T) {\n}')).toEqual([[1, 'func TestCart(t *testing.T)']]);
});

test('shows the beginning, the test that has the names, and the headings', () => {
  const text = "import { cart } from 'x';\n\ntest('first', () => {\n  a();\n});\ntest('adds', () => {\n  cart(1);\n});";
  expect(showTests([fileOf('cart.test.js', text, 'cart(')], 1_000)).toBe(
    "### cart.test.js (8 lines)\n1\timport { cart } from 'x';\n2\t\n...\n6\ttest('adds', () => {\n7\t  cart(1);\n8\t});\ntests by line:\n  3: test: first\n  6: test: adds",
  );
});

test('of a table of cases above a test the last ones are shown', () => {
  const cases = Array.from({ length: 20 }, (_, i) => `    (${i}, "${i}"),`);
  const text = [
    'import a',
    '',
    '@pytest.mark.parametrize(',
    ...cases,
    ')',
    'def test_a(n, s):',
    '    assert a(n) == s',
  ].join('\n');
  const shown = showTests([fileOf('test_a.py', text)], 1_000);
  expect(shown).toContain('(19, "19"),\n24\t)\n25\tdef test_a(n, s):\n26\t    assert a(n) == s');
  expect(shown).not.toContain('(9, "9")');
});

test('keeps to the room: some headings are left out first, then the code, then the file', () => {
  const text = `import a from 'a';\n${Array.from({ length: 8 }, (_, i) => `test('case number ${i}', () => {\n  a(${i});\n});`).join('\n')}`;
  const shown = (room: number) => showTests([fileOf('a.test.js', text)], room);
  expect(shown(1_000)).toContain('tests by line:');
  expect(shown(260)).toContain('import a');
  expect(shown(260)).toContain('tests by line (3 more):');
  expect(shown(190)).toMatch(/^### a\.test\.js \(25 lines\)\ntests by line \(3 more\):/);
  expect(shown(20)).toBe('');
});

test('a file of which nothing can be shown leaves the room to the others', () => {
  const types = fileOf('a.test-d.ts', 'expectType<A>(a);\n');
  const others = ['b', 'c'].map((name) => fileOf(`${name}.test.js`, `import a from 'a';\ntest('${name}', () => {});`));
  expect(showTests([types], 1_000)).toBe('');
  expect(showTests([types, ...others], 1_000).match(/^###.*$/gm)).toEqual([
    '### b.test.js (2 lines)',
    '### c.test.js (2 lines)',
  ]);
});

test('the first of several files leaves room for the headings of the others', () => {
  const long = Array.from({ length: 12 }, (_, i) => `test('a case with a long name, number ${i}', () => {});`).join(
    '\n',
  );
  const shown = showTests([fileOf('a.test.js', long), fileOf('b.test.js', "test('b', () => {});")], 800);
  expect(shown).toContain('### b.test.js (1 lines)\ntests by line:\n  1: test: b');
});
