import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { usesOfChanges } from '../../src/plan/uses-of-changes.ts';
import { git, makeBed, writeFiles, type Bed } from '../adapters/git-bed.ts';

let bed: Bed;
let diff: string;
beforeAll(async () => {
  bed = await makeBed({
    'src/cart.ts': 'export function total(list) {\n  return 1;\n}\n',
    'src/pay.ts': 'import { total } from "./cart";\n\npay(total([]));\nsubtotal(1);\nTOTAL(2);\n',
    'src/many.ts': 'total(1);\n'.repeat(40),
    'test/cart.test.ts': 'total([1]);\n',
    'dist/pay.js': 'total(1);\n',
  });
  await writeFiles(bed.checkout, { 'src/cart.ts': 'export function total(list) {\n  return list.length;\n}\n' });
  diff = git(bed.checkout, 'diff');
});
afterAll(() => bed.close());

test('lines elsewhere that use a name of the change are told: sources first, whole words, two of each file', async () => {
  expect(await usesOfChanges(bed.base, diff, bed.store)).toEqual([
    'src/many.ts:1: total(1);',
    'src/many.ts:2: total(1);',
    'src/pay.ts:1: import { total } from "./cart";',
    'src/pay.ts:3: pay(total([]));',
    'test/cart.test.ts:1: total([1]);',
  ]);
});

test('a change that defines nothing is not looked up', async () => {
  const refuse = () => Promise.reject(new Error('must not be asked'));
  const git = { grep: refuse, readFile: refuse };
  expect(await usesOfChanges(bed.base, diff.replaceAll('function total', '// total'), git)).toEqual([]);
  expect(await usesOfChanges(bed.base, '', git)).toEqual([]);
});
