import { expect, test } from '@jest/globals';
import { definitionBlocks } from '../../../src/plan/map/definition-blocks.ts';
import { definitionsIn } from '../../../src/plan/map/definitions.ts';
import { drawOutline } from '../../../src/plan/map/outline.ts';

const lines = [
  "const fs = require('fs');",
  'const LIMIT = 3;',
  'class Help {',
  '  format() {',
  '  }',
  '  sort() {',
  '  }',
  '}',
];
const blocks = definitionBlocks(definitionsIn('a.js', lines), lines);
const none = { blocks, valueOf: () => 0, shown: [] };

test('definitions stand on one line in order, without what is imported', () => {
  expect(drawOutline(none, 1_000)).toBe('definitions by line: 2 LIMIT, 3 Help, 4 format, 6 sort');
});

test('what is shown elsewhere is left out, and the others are said to be others', () => {
  expect(drawOutline({ ...none, shown: [{ start: 4, end: 5 }] }, 1_000)).toBe(
    'other definitions by line: 2 LIMIT, 3 Help, 6 sort',
  );
});

test('where room is short the best are kept, a constant last, and the rest is counted', () => {
  const valueOf = ({ name }: { name: string }) => (name === 'sort' ? 1 : 0);
  expect(drawOutline({ ...none, valueOf }, 70)).toBe('definitions by line: 3 Help, 6 sort (2 more)');
  expect(drawOutline(none, 20)).toBe('');
});
