import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { anyFleet, runFleet, type FleetOutcome, type FleetPlan } from './fleet.ts';

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

test('no fleet passes a limit by one nano-dollar, and every agent of it ends', async () => {
  const seen = { waits: 0, cuts: 0, counts: 0, charged: 0, limits: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(anyFleet, async (plan) => {
      const outcome = await runFleet(plan);
      expectWithin(plan, outcome);
      expect(outcome.ended).toBe(plan.agents.length + 3);
      // The account knows of every nano-dollar that was charged.
      expect(outcome.spent.costNanoUsd).toBeGreaterThanOrEqual(outcome.charged.costNanoUsd);
      for (const key of ['waits', 'cuts', 'counts'] as const) seen[key] += outcome[key];
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
  for (const key of ['waits', 'cuts', 'counts', 'charged'] as const) expect(seen[key]).toBeGreaterThan(RUNS / 10);
}, 60_000);

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
