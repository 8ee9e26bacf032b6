import { describe, expect, test } from '@jest/globals';
import { RunError } from '../../src/errors.ts';
import { createLedger, type PlannedCall, type Reservation } from '../../src/money/ledger.ts';
import { nanoUsdOf } from '../../src/money/format-usd.ts';
import { usageOf } from '../../src/money/price-usage.ts';
import { noUsage } from '../../src/money/usage.ts';
import { plainPriceOf } from '../support/plain-price.ts';

const open = { maxApiCalls: null, tokenBudget: null, costLimitNanoUsd: null };
const model = 'claude-sonnet-5-5';
/** Worst case: 1,000 x 2,500 + 1,000 x 10,000 = 12,500,000 nano-dollars, 2,000 tokens. For `end` nothing is kept back. */
const call = { model, inputUpperTokens: 1_000, maxTokens: 1_000, purpose: 'end', agent: 'reviewer' } as const;

const ledgerWith = (limits: Partial<Parameters<typeof createLedger>[0]['limits']>) =>
  createLedger({ limits: { ...open, ...limits }, priceOf: plainPriceOf });

function used(inputTokens: number, outputTokens: number) {
  const price = plainPriceOf(model);
  if (price === null) throw new Error('not listed');
  const cached = { cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 };
  return usageOf(price, { inputTokens, outputTokens, ...cached });
}

function reserved(ledger: ReturnType<typeof createLedger>, planned: PlannedCall = call): Reservation {
  const result = ledger.reserve(planned);
  if (!result.ok) throw new Error(`refused: ${result.limit.limit}`);
  return result.reservation;
}

describe('the ledger', () => {
  test('a call whose worst case fits exactly is allowed, and a nano-dollar less is not', () => {
    expect(ledgerWith({ costLimitNanoUsd: 12_500_000 }).reserve(call).ok).toBe(true);
    expect(ledgerWith({ costLimitNanoUsd: 12_499_999 }).reserve(call).ok).toBe(false);
  });

  test('calls under way count at their worst case until they are settled', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 20_000_000 });
    const first = reserved(ledger);
    expect(ledger.reservedNanoUsd()).toBe(12_500_000);
    expect(ledger.reserve(call).ok).toBe(false);
    ledger.settle(first, used(500, 100));
    expect(ledger.reservedNanoUsd()).toBe(0);
    expect(ledger.spent().costNanoUsd).toBe(2_000_000);
    expect(ledger.reserve(call).ok).toBe(true);
  });

  test('a refusal speaks in the words of the configuration', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: nanoUsdOf(2) });
    ledger.settle(reserved(ledger), { ...noUsage, requests: 1, costNanoUsd: nanoUsdOf(1.98) });
    const bigCall = { ...call, maxTokens: 4_000 };
    expect(ledger.reserve(bigCall)).toMatchObject({
      ok: false,
      limit: { limit: 'limits.cost_limit_usd', value: '$2.00', spent: '$1.98' },
      mayFitLater: false,
    });
  });

  test('max_api_calls counts calls made and calls under way', () => {
    const ledger = ledgerWith({ maxApiCalls: 2 });
    const first = reserved(ledger);
    reserved(ledger);
    const refused = { ok: false, limit: { limit: 'limits.max_api_calls', value: '2', spent: '0' } };
    expect(ledger.reserve(call)).toMatchObject({ ...refused, mayFitLater: true });
    ledger.settle(first, noUsage);
    expect(ledger.reserve(call).ok).toBe(true);
  });

  test('token_budget counts cached input too', () => {
    const ledger = ledgerWith({ tokenBudget: 5_000 });
    ledger.settle(reserved(ledger), { ...noUsage, requests: 1, cacheReadTokens: 3_000, outputTokens: 1 });
    expect(ledger.reserve(call)).toMatchObject({
      ok: false,
      limit: { limit: 'limits.token_budget', value: '5000 tokens', spent: '3001 tokens' },
      mayFitLater: false,
    });
  });

  test('a call that only calls under way keep out may fit later, and hears of the next settlement', async () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 20_000_000 });
    const first = reserved(ledger);
    expect(ledger.reserve(call)).toMatchObject({ ok: false, mayFitLater: true });
    expect(ledger.reserve({ ...call, maxTokens: 2_000 })).toMatchObject({ ok: false, mayFitLater: false });
    let heard = 0;
    const waits = [1, 2].map(() => ledger.whenSettled().then(() => heard++));
    await Promise.resolve();
    expect(heard).toBe(0);
    ledger.settle(first, used(500, 100));
    await Promise.all(waits);
    expect(heard).toBe(2);
    expect(ledger.reserve(call).ok).toBe(true);
  });

  test('without limits nothing is refused, yet everything is counted', () => {
    const ledger = ledgerWith({});
    ledger.settle(reserved(ledger, { ...call, maxTokens: 128_000 }), used(7, 8));
    expect(ledger.spent()).toEqual(used(7, 8));
  });

  test('what an earlier run spent counts from when it is known', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 20_000_000 });
    ledger.carry({ ...noUsage, requests: 3, costNanoUsd: 7_500_001 });
    expect(ledger.spent()).toMatchObject({ requests: 3, costNanoUsd: 7_500_001 });
    expect(ledger.reserve(call)).toMatchObject({ ok: false, limit: { value: '$0.0200', spent: '$0.0075' } });
  });

  test('a model without a price is never reserved for', () => {
    expect(() => ledgerWith({}).reserve({ ...call, model: 'mystery' })).toThrow(RunError);
  });

  test('settling twice is a bug and says so', () => {
    const ledger = ledgerWith({});
    const reservation = reserved(ledger);
    ledger.settle(reservation, noUsage);
    expect(() => ledger.settle(reservation, noUsage)).toThrow('settled twice');
  });
});

/** Repeatable chance: mulberry32. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each([1, 2, 3, 4, 5])('in a random fleet (seed %p) spent and reserved together never pass the limits', (seed) => {
  const chance = chanceFrom(seed);
  const costLimitNanoUsd = nanoUsdOf(0.2);
  const ledger = ledgerWith({ costLimitNanoUsd, maxApiCalls: 60, tokenBudget: 90_000 });
  const underWay: { reservation: Reservation; maxIn: number; maxOut: number }[] = [];
  let refusals = 0;
  for (let step = 0; step < 500; step++) {
    const begin = underWay.length === 0 || chance() < 0.55;
    if (begin) {
      const planned = {
        ...call,
        inputUpperTokens: Math.floor(chance() * 8_000),
        maxTokens: Math.floor(chance() * 3_000),
      };
      const result = ledger.reserve(planned);
      if (result.ok)
        underWay.push({ reservation: result.reservation, maxIn: planned.inputUpperTokens, maxOut: planned.maxTokens });
      else refusals += 1;
    } else {
      const [ended] = underWay.splice(Math.floor(chance() * underWay.length), 1);
      if (ended === undefined) continue;
      ledger.settle(ended.reservation, used(Math.floor(chance() * ended.maxIn), Math.floor(chance() * ended.maxOut)));
    }
    const { costNanoUsd, requests, inputTokens, outputTokens } = ledger.spent();
    expect(costNanoUsd + ledger.reservedNanoUsd()).toBeLessThanOrEqual(costLimitNanoUsd);
    expect(requests + underWay.length).toBeLessThanOrEqual(60);
    expect(inputTokens + outputTokens).toBeLessThanOrEqual(90_000);
  }
  expect(refusals).toBeGreaterThan(0);
  expect(ledger.spent().requests).toBeGreaterThan(5);
});
