import { expect, test } from '@jest/globals';
import picomatch from 'picomatch';
import { ownedGlobs } from '../../src/plan/owned-globs.ts';

test.each([
  ['src', 'src/auth/login.ts'],
  ['./src/', 'src/login.ts'],
  [' .github ', '.github/workflows/ci.yml'],
  ['Sources/App', 'Sources/App/main.swift'],
  ['.', 'any/thing.ts'],
  ['./', 'any/thing.ts'],
  ['Makefile', 'Makefile'],
  ['src/a.ts', 'src/a.ts'],
  ['test/*.ts', 'test/a.ts'],
])('%j covers %s', (said, path) => {
  expect(picomatch.isMatch(path, ownedGlobs([said]), { dot: true })).toBe(true);
});

test('a file stays a file, a glob stays a glob, and nothing stays nothing', () => {
  expect(ownedGlobs(['src/a.ts', 'src/*', '{a,b}', '', 'src/a.ts'])).toEqual(['src/a.ts', 'src/*', '{a,b}', '']);
});
