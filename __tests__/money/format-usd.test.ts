import { expect, test } from '@jest/globals';
import { formatUsd, nanoUsdOf } from '../../src/money/format-usd.ts';

test.each([
  [0, '$0.00'],
  [31_200_000, '$0.0312'],
  [99_940_000, '$0.0999'],
  [99_960_000, '$0.10'],
  [123_456_789, '$0.12'],
  [800_000_000, '$0.80'],
  [1_000_000_000, '$1.00'],
  [1_984_999_999, '$1.98'],
  [50_000_000_000, '$50.00'],
])('%p nano-dollars read %p', (nanoUsd, text) => {
  expect(formatUsd(nanoUsd)).toBe(text);
});

test('an amount in dollars becomes whole nano-dollars', () => {
  expect(nanoUsdOf(0.1 + 0.2)).toBe(300_000_000);
});
