import { expect, test } from '@jest/globals';
import { cutDiff } from '../../src/plan/cut-diff.ts';

const fileDiff = (path: string, lines: number) =>
  `diff --git a/${path} b/${path}\nindex 1..2 100644\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,${lines} @@\n${'+some line of code here\n'.repeat(lines)}`;
const shownIn = (diff: string) => [...diff.matchAll(/^diff --git a\/(\S+)/gm)].map(([, path]) => path);

test('a diff that fits stays whole, generated files last', () => {
  const diff = [fileDiff('package-lock.json', 3), fileDiff('dist/a.js', 3), fileDiff('src/a.ts', 3)].join('');
  const cut = cutDiff(diff, 10_000);
  expect(shownIn(cut)).toEqual(['src/a.ts', 'package-lock.json', 'dist/a.js']);
  expect(cut).toHaveLength(diff.length);
});

test('whole files come before cut ones, and what is missing is said with its lines', () => {
  const diff = [fileDiff('src/big.ts', 400), fileDiff('src/small.ts', 10), fileDiff('yarn.lock', 400)].join('');
  const cut = cutDiff(diff, 4_000);
  expect(shownIn(cut)).toEqual(['src/small.ts', 'src/big.ts']);
  expect(cut).toMatch(/\[src\/big\.ts: 2\d\d more lines of its diff are left out\]/);
  expect(cut).toContain('[left out for room: yarn.lock (405 lines)]');
  expect(cut.length).toBeLessThan(4_300);
});

test('a generated file is never shown in part', () => {
  expect(cutDiff(fileDiff('package-lock.json', 400), 5_000)).toBe(
    '[left out for room: package-lock.json (405 lines)]\n',
  );
});

test('many missing files are a number', () => {
  const diff = Array.from({ length: 50 }, (_, i) => fileDiff(`dist/f${i}.js`, 200)).join('');
  expect(cutDiff(diff, 1_000)).toMatch(/^\[left out for room: dist\/f0\.js .* and 10 more files\]\n$/);
});

test('nothing of nothing', () => {
  expect(cutDiff('', 100)).toBe('');
});
