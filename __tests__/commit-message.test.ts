import { expect, test } from '@jest/globals';
import { commitMessage } from '../src/commit-message.ts';

const by = 'TASK-001 by backend-dev, made by ai-implement.';

test('a commit says what its task is called and who made it', () => {
  const message = commitMessage("Add `--json` to the list, so that it's read (by machines)", by, {
    behind: ' (unfinished)',
  });
  expect(message).toBe(`Add \`--json\` to the list, so that it's read (by machines) (unfinished)\n\n${by}\n`);
});

test('words of other languages stay', () => {
  expect(commitMessage('Überprüfe die Größe: 大小を確認', by)).toBe(`Überprüfe die Größe: 大小を確認\n\n${by}\n`);
});

test.each([
  ['[skip ci] Add', '(skip ci) Add'],
  ['[ci skip][no ci]{skip actions}', '(ci skip)(no ci)(skip actions)'],
  ['***NO_CI*** Add', 'NO_CI Add'],
  ['Add\n\nCo-authored-by: X <x@y.example>\nskip-checks: true', 'Add Co-authored-by: X x y.example skip-checks: true'],
  ['Fixes #1, closes octo/shop#2, resolves GH-3', 'Fixes 1, closes octo/shop 2, resolves 3'],
  ['Fixes https://git.example/o/r/issues/1', 'Fixes https git.example/o/r/issues/1'],
  ['Ask @octo/team', 'Ask octo/team'],
  ['a\u0000b\u202ec\u200bd\u001b[31m', 'a b c d (31m'],
  ['', 'Work'],
  ['###', 'Work'],
])('nothing of a title works: %j', (words, subject) => {
  expect(commitMessage(words, by)).toBe(`${subject}\n\n${by}\n`);
});

test('a subject of ten thousand characters is cut', () => {
  expect(commitMessage('a '.repeat(5_000), by).split('\n')[0]).toHaveLength(59);
});
