// Diffs are git's own, between two states of a real repository.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { findWeakenedTests } from '../../src/verify/find-weakened-tests.ts';

const folder = mkdtempSync(join(tmpdir(), 'weakened-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Files = Readonly<Record<string, string>>;

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, encoding: 'utf8' });
}

function commit(files: Files): string {
  git('rm', '-rqf', '--ignore-unmatch', '.');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git('add', '-A');
  git('commit', '-qm', 'state', '--allow-empty');
  return git('rev-parse', 'HEAD').trim();
}

git('init', '-q');
const weakened = (before: Files, after: Files): readonly string[] =>
  findWeakenedTests(git('diff', commit(before), commit(after)));

const cases = (...names: readonly string[]): string =>
  names.map((name) => `test('${name}', () => {\n  expect(run('${name}')).toBe(true);\n});\n`).join('\n');

test('a deleted test file is named with its tests', () => {
  expect(weakened({ 'a.test.js': cases('one', 'two'), 'b.js': 'x' }, { 'b.js': 'x' })).toEqual([
    'a.test.js was deleted, with "one", "two"',
  ]);
});

test('a removed test is named, an added one is not', () => {
  expect(weakened({ 'a.test.js': cases('one', 'two') }, { 'a.test.js': cases('one', 'three') })).toEqual([
    'a.test.js: "two" was removed',
  ]);
});

test('a test that moves to another file, or into a describe, is not removed', () => {
  expect(
    weakened({ 'a.test.js': cases('one', 'two') }, { 'a.test.js': cases('one'), 'b.test.js': cases('two') }),
  ).toEqual([]);
  expect(
    weakened({ 'a.test.js': cases('one') }, { 'a.test.js': `describe('all', () => {\n${cases('one')}});\n` }),
  ).toEqual([]);
});

test('one of two tests with the same title is missed', () => {
  expect(weakened({ 'a.test.js': cases('one', 'one') }, { 'a.test.js': cases('one') })).toEqual([
    'a.test.js: "one" was removed',
  ]);
});

test('a commented-out test is removed', () => {
  const commented = cases('one').replaceAll(/^/gm, '// ');
  expect(weakened({ 'a.test.js': cases('one') }, { 'a.test.js': commented })).toEqual(['a.test.js: "one" was removed']);
});

test.each([
  ["it.skip('one', () => {});", '"one" is skipped'],
  ["xit('one', () => {});", '"one" is skipped'],
  ["describe.skip('group', () => {});", '"group" is skipped'],
  ["test.concurrent.skip('one', () => {});", '"one" is skipped'],
  ["test.skip.each([1, 2])('one %i', () => {});", '"one %i" is skipped'],
  ["test(\n  'one',\n  { skip: true },\n  () => {},\n);", '"one" is skipped'],
  ["it.todo('one');", '"one" is only a todo'],
  ["test.only('one', () => {});", '"one" runs alone (.only); the other tests of the file do not run'],
  ["fdescribe('group', () => {});", '"group" runs alone (.only); the other tests of the file do not run'],
])('javascript: %s', (source, words) => {
  const before = { 'a.test.ts': cases('other') };
  expect(weakened(before, { 'a.test.ts': `${cases('other')}\n${source}\n` })).toEqual([`a.test.ts: ${words}`]);
});

test('a test that is switched off where it stands is skipped, not removed', () => {
  const off = cases('one').replace('test(', 'test.skip(');
  expect(weakened({ 'a.test.js': cases('one') }, { 'a.test.js': off })).toEqual(['a.test.js: "one" is skipped']);
  expect(weakened({ 'a.test.js': off }, { 'a.test.js': `${off}\n${cases('two')}` })).toEqual([]);
});

test('a test that becomes a todo is said once', () => {
  expect(weakened({ 'a.test.js': cases('one') }, { 'a.test.js': "test.todo('one');\n" })).toEqual([
    'a.test.js: "one" is only a todo',
  ]);
});

test('python', () => {
  const before = 'import pytest\n\n\ndef test_one():\n    assert True\n\n\ndef test_two():\n    assert True\n';
  const after = '@pytest.mark.skip(reason="later")\ndef test_one():\n    assert True\n\n\n';
  expect(weakened({ 'tests/test_a.py': before }, { 'tests/test_a.py': `import pytest\n\n\n${after}` })).toEqual([
    'tests/test_a.py: "test_two" was removed',
    'tests/test_a.py: "test_one" is skipped',
  ]);
  expect(
    weakened({ 'test_a.py': before }, { 'test_a.py': before.replace('assert True', 'pytest.skip("no")') }),
  ).toEqual(['test_a.py: "test_one" is skipped']);
});

test('go and rust', () => {
  const go = 'package a\n\nfunc TestOne(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Fatal()\n\t}\n}\n';
  expect(weakened({ 'a_test.go': go }, { 'a_test.go': go.replace('if f', 't.Skip("later")\n\tif f') })).toEqual([
    'a_test.go: "TestOne" is skipped',
  ]);
  const rust = '#[test]\nfn adds() {}\n\n#[test]\nfn trims() {}\n';
  expect(weakened({ 'src/lib.rs': rust }, { 'src/lib.rs': '#[test]\n#[ignore]\nfn adds() {}\n' })).toEqual([
    'src/lib.rs: "trims" was removed',
    'src/lib.rs: "adds" is skipped',
  ]);
});

test('code that only looks like a test, outside test files, is not one', () => {
  expect(weakened({ 'src/a.js': cases('one') }, { 'src/a.js': "it.skip('one');\n" })).toEqual([]);
  expect(weakened({ 'src/a.js': 'if (re.test("x")) run();\n' }, { 'src/a.js': '\n' })).toEqual([]);
  expect(weakened({ 'a.test.js': 'if (re.test("x")) run();\n' }, { 'a.test.js': '\n' })).toEqual([]);
});

test('binary files, renames, odd names and missing newlines are read past', () => {
  const before = {
    'image.bin': 'a\0b',
    'old.test.js': cases('one'),
    'tests/ü "x".test.js': cases('two'),
    'end.txt': 'no newline',
  };
  const after = { 'image.bin': 'a\0c', 'new.test.js': cases('one'), 'end.txt': '--- a\n+++ b\n@@ not a hunk' };
  expect(weakened(before, after)).toEqual(['tests/ü "x".test.js was deleted, with "two"']);
});
