import { expect, test } from '@jest/globals';
import { isGitLookAlike, linkLeavesTree, refusedPath } from '../../src/sandbox/look-alikes.ts';

test.each([
  '.git',
  '.GIT',
  '.Git.',
  '.git ',
  '.git . .',
  '.git::$INDEX_ALLOCATION',
  'GIT~1',
  'git~2',
  '.g\u200cit',
  '.\ufeffgit',
  '\uff0egit',
  '.g\u{e0041}it',
  'x\\.git',
  '.git\\hooks',
])('%j can be taken for .git', (name) => {
  expect(name.split('\\').some(isGitLookAlike)).toBe(true);
  expect(refusedPath(`a/${name}/config`)).toContain('git');
});

test.each([
  '.gitignore',
  '.github',
  '.gitattributes',
  'git',
  'git~',
  'a.git',
  '.git-hooks',
  '...git',
  '.gıt',
  'dev-x\\x2dy.mount',
  'git~x',
])('%j is a name like any other', (name) => {
  expect(refusedPath(`a/${name}`)).toBeNull();
});

test.each(['', '/', '/a', 'a/', 'a//b', './a', 'a/..', '../a', 'a\0b', 'a\\..\\b', '..\\b'])(
  '%j is no path of a tree',
  (path) => {
    expect(refusedPath(path)).not.toBeNull();
  },
);

test.each([
  ['a', 'b', false],
  ['a/b', '../c', false],
  ['a/b/c', '../../d/./e', false],
  ['a', '.', false],
  ['a', '/b', true],
  ['a', '../b', true],
  ['a/b', '../../c', true],
  // `d` may itself be a link, and then its parent is anywhere.
  ['a/b', 'd/../c', true],
  ['a/b', '..\\..\\c', true],
  ['a', '\\\\host\\share', true],
  ['a', 'C:/b', true],
  // What is written there is no part of any commit, and runs.
  ['a', '.git/hooks', true],
  ['a/b', '../.GIT/config', true],
  ['a', '.gitignore', false],
])('a link %j to %j leaves its tree: %s', (path, target, leaves) => {
  expect(linkLeavesTree(path, target)).toBe(leaves);
});
