import { expect, test } from '@jest/globals';
import { globsOverlap } from '../../src/plan/globs-overlap.ts';

test.each([
  ['src/**', 'src/new/file.ts'],
  ['**', 'anything/at/all'],
  ['**/*.test.ts', 'src/auth/**'],
  ['src/*/index.ts', 'src/auth/*.ts'],
  ['src/{auth,users}/**', 'src/users/a.ts'],
  ['src/{auth,{users,shop}}/**', 'src/shop/*'],
  ['a/**/z', 'a/z'],
  ['a/**/z', '**/b/**'],
  ['file?.ts', 'file1.ts'],
  ['*.ts', 'a*'],
  ['src/[ab].ts', 'src/a.ts'],
])('%s and %s may meet, though no such file exists', (a, b) => {
  expect(globsOverlap(a, b)).toBe(true);
  expect(globsOverlap(b, a)).toBe(true);
});

test.each([
  ['src/a/**', 'src/b/**'],
  ['src/*.ts', 'src/sub/a.ts'],
  ['src/*.ts', 'src/*.css'],
  ['src/login*', 'src/logout*'],
  ['**/*.test.ts', '**/*.css'],
  ['src/{a,b}/**', 'src/{c,d}/**'],
  ['src/a.ts', 'src/aXts'],
  ['src', 'src/a.ts'],
  ['a/**/z', 'b/**'],
])('%s and %s never meet', (a, b) => {
  expect(globsOverlap(a, b)).toBe(false);
  expect(globsOverlap(b, a)).toBe(false);
});
