import { describe, expect, test } from '@jest/globals';
import { estimatePlan, type EstimateContext } from '../../src/plan/estimate-plan.ts';
import { priceTokens } from '../../src/money/price-usage.ts';
import { priceOf } from '../../src/money/prices.ts';
import { noLimits } from '../support/spine.ts';
import { taskOf } from '../support/run-events.ts';

const models: Readonly<Record<string, string>> = {
  'backend-dev': 'claude-sonnet-5-5',
  'qa-tester': 'claude-haiku-5-5',
};

const context: EstimateContext = {
  limits: noLimits,
  spentNanoUsd: 7,
  maxTokensOf: () => 16_000,
  priceForRole: (role, { cacheWriteTokens, ...rest }) => {
    const price = priceOf(models[role] ?? '');
    if (price === null) throw new Error(`no price for ${role}`);
    return priceTokens(price, { ...rest, cacheWrite5mTokens: cacheWriteTokens, cacheWrite1hTokens: 0 });
  },
};

// Nano-dollars a token of claude-sonnet-5-5: read 100, written 2,500, output 10,000.
const usualTurn = 30_000 * 100 + 2_000 * 2_500 + 400 * 10_000;
const badTurn = 120_000 * 100 + 8_000 * 2_500 + 16_000 * 10_000;

test('a plan costs what its turns cost, at the price of each role, on top of what planning took', () => {
  const tasks = [taskOf(1, { estimatedTurns: 10 }), taskOf(2, { estimatedTurns: 3, role: 'qa-tester' })];
  // claude-haiku-5-5: read 10, written 125, output 500; five times that above 100,000 tokens of input.
  const cheapTurn = 30_000 * 10 + 2_000 * 125 + 400 * 500;
  const cheapBadTurn = 120_000 * 50 + 8_000 * 625 + 16_000 * 2_500;
  expect(estimatePlan(tasks, context)).toEqual({
    tasks: [
      { taskId: 'TASK-001', turns: 10, expectedNanoUsd: 10 * usualTurn, worstNanoUsd: 40 * badTurn },
      { taskId: 'TASK-002', turns: 3, expectedNanoUsd: 3 * cheapTurn, worstNanoUsd: 40 * cheapBadTurn },
    ],
    expectedNanoUsd: 7 + 10 * usualTurn + 3 * cheapTurn,
    worstNanoUsd: 7 + 40 * badTurn + 40 * cheapBadTurn,
  });
  expect(usualTurn).toBe(12_000_000);
});

test('the worst case is never above the cost limit, of a task or of the run', () => {
  const limits = { ...noLimits, costLimitNanoUsd: 2_000_000_000 };
  const estimate = estimatePlan([taskOf(1), taskOf(2)], { ...context, limits });
  expect(estimate.tasks.map(({ worstNanoUsd }) => worstNanoUsd)).toEqual([2_000_000_000, 2_000_000_000]);
  expect(estimate.worstNanoUsd).toBe(2_000_000_000);
});

test('the worst case of a task is never above the limit of a task', () => {
  const limits = { ...noLimits, maxCostPerTaskNanoUsd: 700_000_000 };
  const estimate = estimatePlan([taskOf(1), taskOf(2)], { ...context, limits });
  expect(estimate.tasks.map(({ worstNanoUsd }) => worstNanoUsd)).toEqual([700_000_000, 700_000_000]);
  expect(estimate.worstNanoUsd).toBe(7 + 1_400_000_000);
});

describe('with a history of this repository', () => {
  const expectedOf = (history: EstimateContext['history']): number => {
    const [task] = estimatePlan([taskOf(1, { estimatedTurns: 10 })], { ...context, ...(history && { history }) }).tasks;
    return task?.expectedNanoUsd ?? Number.NaN;
  };
  /** A turn here costs twice what is usual. */
  const dear = { role: 'backend-dev', turns: 10, costNanoUsd: 20 * usualTurn };

  test('one task moves the mean a little, five half of the way, very many all of it', () => {
    expect(expectedOf([dear])).toBe(Math.round((10 * (5 * usualTurn + 2 * usualTurn)) / 6));
    expect(expectedOf(Array(5).fill(dear))).toBe(15 * usualTurn);
    expect(expectedOf(Array(5_000).fill(dear)) / (20 * usualTurn)).toBeCloseTo(1, 2);
  });

  test('long tasks weigh more than short ones, as they have more turns to be the mean of', () => {
    const short = { role: 'backend-dev', turns: 1, costNanoUsd: 50 * usualTurn };
    const long = { role: 'backend-dev', turns: 99, costNanoUsd: 50 * usualTurn };
    // 100 turns cost 100 usual ones: the mean is the usual one.
    expect(expectedOf([short, long])).toBe(10 * usualTurn);
  });

  test('tasks of other roles, and tasks that never had a turn, say nothing', () => {
    const others = [
      { ...dear, role: 'qa-tester' },
      { ...dear, turns: 0 },
    ];
    expect(expectedOf(others)).toBe(expectedOf([]));
    expect(expectedOf([])).toBe(10 * usualTurn);
  });
});
