import { expect, test } from '@jest/globals';
import { estimateAgainstActual } from '../../src/money/estimate-against-actual.ts';
import { noUsage } from '../../src/money/usage.ts';
import type { TaskResult } from '../../src/types.ts';
import { taskOf } from '../support/run-events.ts';

const resultOf = (number: number, costNanoUsd: number, status: TaskResult['status']): TaskResult => ({
  ...{ task: taskOf(number), status, branch: 'b', commit: null, changedFiles: [], claims: null, checks: [] },
  ...{ turns: 3, usage: { ...noUsage, costNanoUsd }, reason: null },
});

test('each task stands beside its estimate, and one that was never begun beside nothing', () => {
  const tasks = [1, 2, 3].map((i) => ({ taskId: taskOf(i).id, turns: 1, expectedNanoUsd: i, worstNanoUsd: 10 * i }));
  const estimate = { tasks, expectedNanoUsd: 6, worstNanoUsd: 60 };
  const compared = estimateAgainstActual(estimate, [resultOf(2, 5, 'partial'), resultOf(3, 0, 'skipped')], 9);
  expect(compared.tasks.map(({ taskId, actualNanoUsd }) => [taskId, actualNanoUsd])).toEqual([
    ['TASK-001', null],
    ['TASK-002', 5],
    ['TASK-003', null],
  ]);
  expect(compared.run).toEqual({ expectedNanoUsd: 6, worstNanoUsd: 60, actualNanoUsd: 9 });
});
