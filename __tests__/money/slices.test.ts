import { describe, expect, test } from '@jest/globals';
import type { MoneyLimits, SpentToday } from '../../src/money/ceilings.ts';
import { createLedger, type Ledger, type PlannedCall, type Reservation } from '../../src/money/ledger.ts';
import type { Purpose } from '../../src/money/slices.ts';
import { noUsage } from '../../src/money/usage.ts';
import type { Usage } from '../../src/types.ts';
import { plainPriceOf } from '../support/plain-price.ts';

const noLimits: MoneyLimits = { maxApiCalls: null, tokenBudget: null, costLimitNanoUsd: null };
const ledgerWith = (limits: Partial<MoneyLimits>, more: { today?: SpentToday; before?: Usage } = {}): Ledger =>
  createLedger({ limits: { ...noLimits, ...limits }, priceOf: plainPriceOf, ...more });

/** Cents at the price of claude-sonnet-5-5: a thousand output tokens cost one. */
const CENT = 10_000_000;
const call = (purpose: Purpose, maxTokens: number, agent = 'TASK-001'): PlannedCall => ({
  ...{ model: 'claude-sonnet-5-5', inputUpperTokens: 0, maxTokens, agent, purpose },
});
const spending = (costNanoUsd: number): Usage => ({ ...noUsage, requests: 1, costNanoUsd });

function reserved(ledger: Ledger, planned: PlannedCall): Reservation {
  const result = ledger.reserve(planned);
  if (!result.ok) throw new Error(`refused: ${result.limit.limit}`);
  return result.reservation;
}
const spend = (ledger: Ledger, planned: PlannedCall, costNanoUsd: number): void =>
  ledger.settle(reserved(ledger, planned), spending(costNanoUsd));
/** Most output that a call would be given now; null when it would be refused. */
function offered(ledger: Ledger, planned: PlannedCall): number | null {
  const result = ledger.reserve(planned);
  if (!result.ok) return null;
  ledger.settle(result.reservation, noUsage);
  return result.reservation.maxTokens;
}

describe('of a dollar', () => {
  const dollar = { costLimitNanoUsd: 100 * CENT };

  test('tasks leave a quarter for integration and the end, integration leaves a tenth for the end', () => {
    const ledger = ledgerWith(dollar);
    expect(offered(ledger, call('task', 128_000))).toBe(75_000);
    expect(offered(ledger, call('integrate', 128_000, 'manager'))).toBe(90_000);
    expect(offered(ledger, call('end', 128_000))).toBe(100_000);
  });

  test('what planning leaves over is there for tasks, and what tasks leave over for integration', () => {
    const ledger = ledgerWith(dollar);
    spend(ledger, call('plan', 16_000, 'manager'), 2 * CENT);
    expect(offered(ledger, call('task', 128_000))).toBe(73_000);
    spend(ledger, call('task', 30_000), 30 * CENT);
    expect(offered(ledger, call('integrate', 128_000, 'reviewer'))).toBe(58_000);
  });

  test('what integration has used is not kept for it once more', () => {
    const ledger = ledgerWith(dollar);
    spend(ledger, call('integrate', 16_000, 'manager'), 15 * CENT);
    expect(offered(ledger, call('task', 128_000))).toBe(75_000);
    spend(ledger, call('integrate', 16_000, 'manager'), 1 * CENT);
    expect(offered(ledger, call('task', 128_000))).toBe(74_000);
  });

  test('a plan that needs more than its tenth gets the least that makes a plan, as nothing begins without it', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 50 * CENT });
    expect(offered(ledger, call('plan', 32_000, 'manager'))).toBe(16_000);
    expect(offered(ledgerWith({ costLimitNanoUsd: 200 * CENT }), call('plan', 32_000, 'manager'))).toBe(20_000);
  });

  test('the money that is kept for later stops tasks, under the name of the limit', () => {
    const ledger = ledgerWith(dollar);
    spend(ledger, call('task', 74_000), 74 * CENT);
    expect(ledger.reserve(call('task', 16_000))).toMatchObject({
      ok: false,
      limit: { limit: 'limits.cost_limit_usd', value: '$1.00', spent: '$0.74' },
      mayFitLater: false,
    });
    expect(offered(ledger, call('integrate', 16_000, 'manager'))).toBe(16_000);
  });

  test('tokens have the same slices, calls have none', () => {
    expect(offered(ledgerWith({ tokenBudget: 10_000 }), call('task', 16_000))).toBe(7_500);
    expect(offered(ledgerWith({ maxApiCalls: 1 }), call('task', 16_000))).toBe(16_000);
  });
});

describe('of tasks', () => {
  const expected = [
    { taskId: 'TASK-001', expectedNanoUsd: 20 * CENT },
    { taskId: 'TASK-002', expectedNanoUsd: 20 * CENT },
  ];

  test('each keeps what the plan expects of it, less what it has used, until it has ended', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 100 * CENT });
    ledger.expect(expected);
    expect(offered(ledger, call('task', 128_000, 'TASK-001'))).toBe(55_000);
    spend(ledger, call('task', 16_000, 'TASK-002'), 5 * CENT);
    // 75 - 5 spent - 15 that are still expected of the other.
    expect(offered(ledger, call('task', 128_000, 'TASK-001'))).toBe(55_000);
    ledger.taskEnded('TASK-002');
    expect(offered(ledger, call('task', 128_000, 'TASK-001'))).toBe(70_000);
  });

  test('a plan that expects more than there is keeps no more than each share of the slice', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 100 * CENT });
    ledger.expect(expected.map((task) => ({ ...task, expectedNanoUsd: 1_000 * CENT })));
    expect(offered(ledger, call('task', 128_000, 'TASK-001'))).toBe(75_000 - 32_500);
  });

  test('one that used up its share waits for others under way, and goes on with the least when there are none', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 100 * CENT });
    ledger.expect(expected);
    spend(ledger, call('task', 55_000, 'TASK-001'), 54 * CENT);
    const other = reserved(ledger, call('task', 10_000, 'TASK-002'));
    expect(ledger.reserve(call('task', 16_000, 'TASK-001'))).toMatchObject({ ok: false, mayFitLater: true });
    ledger.settle(other, spending(1 * CENT));
    expect(offered(ledger, call('task', 16_000, 'TASK-001'))).toBe(2_048);
  });

  test('a limit of a task counts what the task has spent and reserved, and no other', () => {
    const ledger = ledgerWith({ maxCostPerTaskNanoUsd: 10 * CENT });
    spend(ledger, call('task', 6_000, 'TASK-001'), 6 * CENT);
    expect(offered(ledger, call('task', 16_000, 'TASK-001'))).toBe(4_000);
    expect(offered(ledger, call('task', 16_000, 'TASK-002'))).toBe(10_000);
    expect(offered(ledger, call('integrate', 16_000, 'manager'))).toBe(16_000);
    spend(ledger, call('task', 4_000, 'TASK-001'), 3 * CENT);
    expect(ledger.reserve(call('task', 16_000, 'TASK-001'))).toEqual({
      ok: false,
      isTasks: true,
      mayFitLater: false,
      limit: { limit: 'limits.max_cost_per_task_usd', value: '$0.10', spent: '$0.0900' },
    });
  });
});

describe('of a day', () => {
  const today = { repositoryNanoUsd: 300 * CENT, personNanoUsd: 50 * CENT };

  test.each([
    ['limits.daily_cost_limit_usd', { dailyCostLimitNanoUsd: 301 * CENT }, '$3.01', '$3.00'],
    ['limits.daily_cost_limit_per_person_usd', { dailyCostLimitPerPersonNanoUsd: 51 * CENT }, '$0.51', '$0.50'],
  ])('%s counts what other runs spent before', (limit, limits, value, spent) => {
    const refused = ledgerWith(limits, { today }).reserve(call('end', 1_001));
    expect(refused).toMatchObject({ ok: false, limit: { limit, value, spent }, mayFitLater: false });
    expect(ledgerWith(limits, { today }).reserve(call('end', 1_000)).ok).toBe(true);
  });

  test('a limit that others have passed lets nothing through, for no purpose', () => {
    for (const purpose of ['plan', 'task', 'integrate', 'end'] as const) {
      const ledger = ledgerWith({ dailyCostLimitNanoUsd: 299 * CENT }, { today });
      expect(ledger.reserve(call(purpose, 1))).toMatchObject({ ok: false, limit: { spent: '$3.00' } });
    }
  });

  test('the limit that leaves least is the one that is named', () => {
    const limits = { costLimitNanoUsd: 2 * CENT, dailyCostLimitNanoUsd: 301 * CENT };
    const refusal = ledgerWith(limits, { today }).reserve(call('end', 2_048));
    expect(refusal).toMatchObject({ limit: { limit: 'limits.daily_cost_limit_usd' } });
  });
});

describe('of a resumed run', () => {
  const before: Usage = { ...noUsage, requests: 2, outputTokens: 3_000, costNanoUsd: 30 * CENT };

  test('what was spent before counts, and replies of then are not paid again', () => {
    const ledger = ledgerWith({ costLimitNanoUsd: 100 * CENT, maxApiCalls: 3 }, { before });
    expect(ledger.spent()).toEqual(before);
    const again = ledger.resume({ tokens: 9, nanoUsd: 40 * CENT, maxTokens: 5, agent: 'TASK-001', purpose: 'task' });
    expect(ledger.reservedNanoUsd()).toBe(0);
    ledger.settle(again, spending(30 * CENT));
    expect(ledger.spent()).toEqual(before);
    expect(offered(ledger, call('task', 128_000))).toBe(45_000);
    reserved(ledger, call('task', 1_000));
    expect(ledger.reserve(call('task', 1_000))).toMatchObject({ limit: { limit: 'limits.max_api_calls', spent: '2' } });
  });

  test('and a task has spent what it had', () => {
    const ledger = ledgerWith({ maxCostPerTaskNanoUsd: 31 * CENT }, { before });
    expect(offered(ledger, call('task', 16_000))).toBe(16_000);
    ledger.settle(
      ledger.resume({ tokens: 9, nanoUsd: 40 * CENT, maxTokens: 5, agent: 'TASK-001', purpose: 'task' }),
      spending(30 * CENT),
    );
    expect(ledger.reserve(call('task', 16_000))).toMatchObject({ limit: { spent: '$0.30' } });
  });
});
