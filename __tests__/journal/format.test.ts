import { expect, test } from '@jest/globals';
import { formatCount, formatCounted, formatDuration } from '../../src/journal/format.ts';

test.each([
  [0, '0.0 s'],
  [412, '0.4 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 00 s'],
  [192_000, '3 min 12 s'],
  [3_599_400, '59 min 59 s'],
  [3_720_000, '1 h 02 min'],
])('%d ms are %s', (durationMs, words) => {
  expect(formatDuration(durationMs)).toBe(words);
});

test('counts carry separators and their noun its plural', () => {
  expect(formatCount(57_012)).toBe('57,012');
  expect([0, 1, 2].map((count) => formatCounted(count, 'file'))).toEqual(['0 files', '1 file', '2 files']);
});
