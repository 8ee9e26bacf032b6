import { expect, test } from '@jest/globals';
import { inputUpperBound } from '../../src/money/input-bound.ts';

test('a first call is bound by its bytes, a later one by what was counted plus the new bytes', () => {
  const first = inputUpperBound({ previousTotalTokens: 0, newBytes: 400, firstCallBytes: 9_000 });
  expect(first).toBeGreaterThanOrEqual(9_400 + 530);
  const later = inputUpperBound({ previousTotalTokens: 3_100, newBytes: 250, firstCallBytes: 0 });
  expect(later - first).toBe(3_350 - 9_400);
});
