import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { noUsage } from '../../src/money/usage.ts';
import { anyFleet, runFleet, type AlterLedger, type FleetOutcome, type FleetPlan } from './fleet.ts';

const RUNS = 5_000;

function expectWithin({ limits, today }: FleetPlan, outcome: FleetOutcome): void {
  const none = Number.POSITIVE_INFINITY;
  const { most, mostOfTask } = outcome;
  expect(most.nanoUsd).toBeLessThanOrEqual(limits.costLimitNanoUsd ?? none);
  expect(most.calls).toBeLessThanOrEqual(limits.maxApiCalls ?? none);
  expect(most.tokens).toBeLessThanOrEqual(limits.tokenBudget ?? none);
  expect(mostOfTask).toBeLessThanOrEqual(limits.maxCostPerTaskNanoUsd ?? none);
  if (most.nanoUsd === 0) return;
  expect(most.nanoUsd + today.repositoryNanoUsd).toBeLessThanOrEqual(limits.dailyCostLimitNanoUsd ?? none);
  expect(most.nanoUsd + today.personNanoUsd).toBeLessThanOrEqual(limits.dailyCostLimitPerPersonNanoUsd ?? none);
}

function expectSound(plan: FleetPlan, outcome: FleetOutcome): void {
  expectWithin(plan, outcome);
  expect(outcome.ended).toBe(plan.agents.length + 3);
  // The account knows of every nano-dollar that was charged.
  expect(outcome.spent.costNanoUsd).toBeGreaterThanOrEqual(outcome.charged.costNanoUsd);
}

test('no fleet passes a limit by one nano-dollar, and every agent of it ends', async () => {
  const seen = { waits: 0, cuts: 0, counts: 0, charged: 0, kills: 0, limits: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(anyFleet, async (plan) => {
      const outcome = await runFleet(plan);
      expectSound(plan, outcome);
      for (const key of ['waits', 'cuts', 'counts', 'kills'] as const) seen[key] += outcome[key];
      seen.charged += outcome.charged.requests;
      for (const key of outcome.limits) seen.limits.add(key);
    }),
    { numRuns: RUNS },
  );
  // It met what it is about: otherwise all of this would hold of a ledger that lets nothing through, or everything.
  expect([...seen.limits].sort()).toEqual([
    'limits.cost_limit_usd',
    'limits.daily_cost_limit_per_person_usd',
    'limits.daily_cost_limit_usd',
    'limits.max_api_calls',
    'limits.max_cost_per_task_usd',
    'limits.token_budget',
  ]);
  for (const key of ['waits', 'cuts', 'counts', 'charged', 'kills'] as const)
    expect(seen[key]).toBeGreaterThan(RUNS / 10);
}, 60_000);

/** Each breaks one promise of the ledger, most of them by the least that can be. */
const broken: readonly (readonly [string, AlterLedger])[] = [
  [
    'gives one token of output too much',
    (ledger) => ({
      ...ledger,
      reserve: (call) => {
        const result = ledger.reserve(call);
        if (result.ok) Object.assign(result.reservation, { maxTokens: result.reservation.maxTokens + 1 });
        return result;
      },
    }),
  ],
  [
    'books one nano-dollar too little',
    (ledger) => ({
      ...ledger,
      settle: (reservation, usage) => ledger.settle(reservation, { ...usage, costNanoUsd: usage.costNanoUsd - 1 }),
    }),
  ],
  ['does not reserve a second try', (ledger) => ({ ...ledger, reserveAgain: () => null })],
  [
    'takes a lost call for one that cost nothing',
    (ledger) => ({ ...ledger, settleLost: (r) => ledger.settle(r, noUsage) }),
  ],
  ['never wakes who waits', (ledger) => ({ ...ledger, whenSettled: () => new Promise(() => undefined) })],
  [
    'lets everybody wait',
    (ledger) => ({
      ...ledger,
      reserve: (call) => {
        const result = ledger.reserve(call);
        return result.ok ? result : { ...result, mayFitLater: true };
      },
    }),
  ],
];

test.each(broken)(
  'a ledger that %s is found',
  async (_, alter) => {
    const property = fc.asyncProperty(anyFleet, async (plan) => {
      const outcome = await runFleet(plan, alter);
      expectSound(plan, outcome);
    });
    const { failed } = await fc.check(property, { numRuns: RUNS, endOnFailure: true });
    expect(failed).toBe(true);
  },
  60_000,
);

test('far from every limit no call waits, is cut or is counted', async () => {
  const far = {
    maxApiCalls: 10_000,
    tokenBudget: 1e12,
    costLimitNanoUsd: 1e14,
    maxCostPerTaskNanoUsd: 1e13,
    dailyCostLimitNanoUsd: 1e14,
    dailyCostLimitPerPersonNanoUsd: 1e14,
  };
  await fc.assert(
    fc.asyncProperty(anyFleet, async (plan) => {
      const { waits, cuts, counts, limits } = await runFleet({ ...plan, limits: far });
      expect({ waits, cuts, counts, limits }).toEqual({ waits: 0, cuts: 0, counts: 0, limits: [] });
    }),
    { numRuns: 300 },
  );
}, 60_000);
