import { expect, test } from '@jest/globals';
import { drawTree } from '../../src/plan/draw-tree.ts';

test('a small tree is drawn whole, files of one folder on one line', () => {
  expect(drawTree(['README.md', 'package.json', 'src/a.ts', 'src/b.ts', 'src/deep/er/c.ts'])).toBe(
    ['src/', '  deep/', '    er/', '      c.ts', '  a.ts  b.ts', 'README.md  package.json'].join('\n'),
  );
});

test('folders that do not fit are summed up with all that is in them', () => {
  const paths = ['top.md', ...Array.from({ length: 300 }, (_, i) => `src/part${i}/deep/file.ts`), 'src/part0/x.ts'];
  const drawn = drawTree(paths);
  expect(drawn).toMatch(/^src\/\n {2}part0\/ \(2 files\) {2}part1\/ \(1 files\) .* \.\.\. \d+ more\ntop\.md$/);
});

test('beside likely files the tree is smaller, and their folders are opened before others', () => {
  const paths = Array.from({ length: 300 }, (_, i) => [
    `src/part${i}/deep/${i}.ts`,
    `lib/part${i}/deep/${i}.ts`,
  ]).flat();
  const drawn = drawTree(paths, ['lib/part7/deep/7.ts']);
  expect(drawn).toContain('lib/\n  part7/\n    deep/\n      7.ts\n');
  expect(drawn.length).toBeLessThanOrEqual(1_400);
});

test('never takes more lines than allowed, however wide the root is', () => {
  const paths = Array.from({ length: 500 }, (_, i) => `folder${i}/file.ts`);
  expect(drawTree(paths).split('\n').length).toBeLessThanOrEqual(120);
});

test('a folder of many files shows some of them, and the tree keeps to its characters', () => {
  const many = Array.from({ length: 500 }, (_, i) => `fixtures/case-number-${i}.json`);
  expect(drawTree(many)).toMatch(/^fixtures\/\n {2}case-number-0\.json {2}.* \.\.\. \d+ more$/);
  const wide = Array.from({ length: 90 }, (_, i) => `folder${i}/${'x'.repeat(90)}.ts`);
  expect(drawTree(wide).length).toBeLessThanOrEqual(3_200);
});

test('nothing is drawn of nothing', () => {
  expect(drawTree([])).toBe('');
});
