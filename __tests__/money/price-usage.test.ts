import { describe, expect, test } from '@jest/globals';
import type { ModelPrice } from '../../src/money/model-table.ts';
import { mostOutputTokens, priceTokens, usageOf, worstCaseNanoUsd } from '../../src/money/price-usage.ts';
import { priceOf } from '../../src/money/prices.ts';

function listed(model: string): ModelPrice {
  const price = priceOf(model);
  if (price === null) throw new Error(`${model} is not listed`);
  return price;
}

const none = { inputTokens: 0, cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0, outputTokens: 0 };

describe('priceTokens', () => {
  test('a typical turn: 40k read, 2k written, 10 fresh, 400 out costs 1.3 cents on Sonnet 5.5', () => {
    const turn = { ...none, cacheReadTokens: 40_000, cacheWrite5mTokens: 2_000, inputTokens: 10, outputTokens: 400 };
    // 40,000 x 100 + 2,000 x 2,500 + 10 x 2,000 + 400 x 10,000 nano-dollars
    expect(priceTokens(listed('claude-sonnet-5-5'), turn)).toBe(13_020_000);
  });

  test('one hour of cache costs more than five minutes', () => {
    const price = listed('claude-opus-5-5');
    expect(priceTokens(price, { ...none, cacheWrite5mTokens: 1 })).toBe(5000);
    expect(priceTokens(price, { ...none, cacheWrite1hTokens: 1 })).toBe(8000);
  });

  test('on Haiku 5.5 a prompt of 100,000 tokens is cheap and one more token, cached or not, makes all of it dear', () => {
    const price = listed('claude-haiku-5-5');
    const input = { ...none, inputTokens: 60_000, cacheReadTokens: 40_000, outputTokens: 100 };
    expect(priceTokens(price, input)).toBe(60_000 * 100 + 40_000 * 10 + 100 * 500);
    expect(priceTokens(price, { ...input, cacheReadTokens: 40_001 })).toBe(60_000 * 500 + 40_001 * 50 + 100 * 2500);
  });

  test('a batch costs half, US-only inference a tenth more, both together 0.55 times', () => {
    const price = listed('claude-sonnet-5-5');
    const tokens = { ...none, inputTokens: 1_000, outputTokens: 100 };
    expect(priceTokens(price, tokens)).toBe(3_000_000);
    expect(priceTokens(price, tokens, { isBatch: true })).toBe(1_500_000);
    expect(priceTokens(price, { ...tokens, isUsOnly: true })).toBe(3_300_000);
    expect(priceTokens(price, { ...tokens, isUsOnly: true }, { isBatch: true })).toBe(1_650_000);
    expect(priceTokens({ ...price, mayBeUsOnly: false }, { ...tokens, isUsOnly: true })).toBe(3_000_000);
    // 125 nano-dollars halved: never rounded down.
    expect(priceTokens(listed('claude-haiku-5-5'), { ...none, cacheWrite5mTokens: 1 }, { isBatch: true })).toBe(63);
  });

  test('usageOf joins both kinds of cache writes and counts one request', () => {
    const tokens = { ...none, inputTokens: 1, cacheWrite5mTokens: 2, cacheWrite1hTokens: 3, outputTokens: 4 };
    expect(usageOf(listed('claude-sonnet-5-5'), tokens)).toEqual({
      requests: 1,
      inputTokens: 1,
      outputTokens: 4,
      cacheReadTokens: 0,
      cacheWriteTokens: 5,
      costNanoUsd: 2000 + 5000 + 12_000 + 40_000,
    });
  });

  test('a sum that cannot be exact is refused', () => {
    expect(() => priceTokens(listed('claude-opus-5'), { ...none, outputTokens: 1e15 })).toThrow(RangeError);
    expect(() => priceTokens(listed('claude-opus-5'), { ...none, outputTokens: 0.00001 })).toThrow(RangeError);
  });
});

describe('worstCaseNanoUsd', () => {
  test('60k in and 16k out on Sonnet 5.5 reserves 31 cents, and a tenth more as it may run in the US alone', () => {
    const bounds = { inputUpperTokens: 60_000, maxTokens: 16_000 };
    expect(worstCaseNanoUsd(listed('claude-sonnet-5-5'), bounds)).toBe(341_000_000);
    expect(worstCaseNanoUsd({ ...listed('claude-sonnet-5-5'), mayBeUsOnly: false }, bounds)).toBe(310_000_000);
  });

  test('a bound above the long-prompt size is priced at its tier', () => {
    const bounds = { inputUpperTokens: 100_001, maxTokens: 10 };
    expect(worstCaseNanoUsd(listed('claude-haiku-5-5'), bounds)).toBe(Math.ceil((100_001 * 625 + 10 * 2500) * 1.1));
  });

  test('the most output for an amount is what the amount pays for in the worst case, to the token', () => {
    const price = listed('claude-sonnet-5-5');
    const bounds = { inputUpperTokens: 60_000, nanoUsd: 341_010_999 };
    expect(mostOutputTokens(price, bounds)).toBe(16_000);
    expect(mostOutputTokens(price, { ...bounds, nanoUsd: 341_011_000 })).toBe(16_001);
    expect(mostOutputTokens(price, { ...bounds, nanoUsd: 164_999_999 })).toBe(-1);
    const free = { inputUsd: 0, outputUsd: 0, cacheReadUsd: 0, cacheWriteUsd: 0 };
    const local = priceOf('local', { local: free });
    expect(local && mostOutputTokens(local, { inputUpperTokens: 9, nanoUsd: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  test('an override with free cache writes is still reserved at its input price', () => {
    const own = { inputUsd: 3, outputUsd: 1, cacheReadUsd: 0, cacheWriteUsd: 0 };
    const price = priceOf('local', { local: own });
    expect(price && worstCaseNanoUsd(price, { inputUpperTokens: 10, maxTokens: 0 })).toBe(30_000);
  });
});
