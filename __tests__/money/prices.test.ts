import { describe, expect, test } from '@jest/globals';
import { modelTable } from '../../src/money/model-table.ts';
import { dayOf, priceOf } from '../../src/money/prices.ts';

describe('priceOf', () => {
  test('a listed model has its listed rates in nano-dollars a token', () => {
    expect(priceOf('claude-sonnet-5-5')?.rates).toEqual({
      input: 2000,
      output: 10_000,
      cacheWrite5m: 2500,
      cacheWrite1h: 4000,
      cacheRead: 100,
    });
  });

  test('a dated id has the price of its alias', () => {
    expect(priceOf('claude-haiku-4-5-20251001')).toEqual(priceOf('claude-haiku-4-5'));
    expect(priceOf('gpt-5.1-2025-11-13')).toEqual(priceOf('gpt-5.1'));
    expect(priceOf('gpt-5.1')).not.toBeNull();
  });

  test.each(['gpt-9', 'claude-sonnet-5-5-preview', 'constructor', ''])('the unknown model %p has no price', (model) => {
    expect(priceOf(model)).toBeNull();
  });

  test("the user's figures replace the listed ones and their long-prompt tier, but not the capabilities", () => {
    const own = { inputUsd: 1, outputUsd: 2, cacheReadUsd: 0.3, cacheWriteUsd: 1.25 };
    const price = priceOf('claude-haiku-5-5', { 'claude-haiku-5-5': own });
    expect(price).toMatchObject({ supportsEffort: true, longPrompt: null });
    expect(price?.rates).toEqual({ input: 1000, output: 2000, cacheRead: 300, cacheWrite5m: 1250, cacheWrite1h: 2000 });
  });

  test('a model known only by its override is asked for no optional feature', () => {
    const own = { inputUsd: 0.0001, outputUsd: 2, cacheReadUsd: 0, cacheWriteUsd: 0 };
    const price = priceOf('local-model', { 'local-model': own });
    expect(price).toMatchObject({ supportsEffort: false, supportsOutputSchema: false });
    // A tenth of a nano-dollar is rounded up, never down to nothing.
    expect(price?.rates.input).toBe(1);
  });

  test('a long prompt to an OpenAI model costs more, input, cache and output', () => {
    const price = priceOf('gpt-6-sol');
    expect(price?.rates).toMatchObject({ input: 2_000, output: 10_000, cacheWrite5m: 2_500, cacheRead: 200 });
    expect(price?.longPrompt).toMatchObject({
      aboveTokens: 272_000,
      rates: { input: 4_000, output: 15_000, cacheWrite5m: 5_000, cacheRead: 400 },
    });
  });

  test('the price is the one of the day', () => {
    const readOn = (day: string) => priceOf('claude-sonnet-5-5', {}, day)?.rates.cacheRead;
    expect(['2026-10-06', '2026-10-07', '2027-01-01'].map(readOn)).toEqual([200, 100, 100]);
    expect(dayOf(Date.parse('2026-10-07T01:30:00+02:00'))).toBe('2026-10-06');
  });

  test('a model has one price on every day', () => {
    const days = modelTable.flatMap(({ validFrom, validUntil }) => [validFrom, validUntil, '2020-01-01', '2030-01-01']);
    for (const day of days) {
      const valid = modelTable.filter(
        ({ validFrom, validUntil }) => (validFrom ?? '') <= (day ?? '') && (day ?? '') < (validUntil ?? '9'),
      );
      const models = valid.map(({ model }) => model);
      expect(new Set(models).size).toBe(models.length);
      if (day !== null) expect(models.sort()).toEqual([...new Set(modelTable.map(({ model }) => model))].sort());
    }
  });

  test('every listed rate is a whole number, and writing to the cache is never cheaper than plain input', () => {
    for (const { rates, longPrompt } of modelTable) {
      const tiers = longPrompt === null ? [rates] : [rates, longPrompt.rates];
      for (const tier of tiers) {
        expect(Object.values(tier).every(Number.isInteger)).toBe(true);
        expect(tier.cacheRead).toBeLessThan(tier.input);
        expect(tier.input).toBeLessThanOrEqual(tier.cacheWrite5m);
        expect(tier.cacheWrite5m).toBeLessThanOrEqual(tier.cacheWrite1h);
      }
    }
  });
});
