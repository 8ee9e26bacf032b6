import { expect, test } from '@jest/globals';
import { estimateAgainstActual, estimateWords } from '../../src/journal/estimate-against-actual.ts';
import { planOf, planned, replies, stateAfter, taskOf } from '../support/run-events.ts';

const tasks = [taskOf(1), taskOf(2), taskOf(3)];
const estimates = [1, 2].map((i) => ({ taskId: taskOf(i).id, turns: 1, expectedNanoUsd: i, worstNanoUsd: 10 * i }));
const plan = planOf(tasks, { estimate: { tasks: estimates, expectedNanoUsd: 6, worstNanoUsd: 60 } });

test('each task stands beside its estimate, and one that was never begun beside nothing', () => {
  const compared = estimateAgainstActual(stateAfter([...planned(plan), ...replies('TASK-002', 'backend-dev', 2)]));
  const none = { expectedNanoUsd: null, worstNanoUsd: null, actualNanoUsd: null };
  expect(compared?.tasks).toEqual([
    { taskId: 'TASK-001', expectedNanoUsd: 1, worstNanoUsd: 10, actualNanoUsd: null },
    { taskId: 'TASK-002', expectedNanoUsd: 2, worstNanoUsd: 20, actualNanoUsd: 40_000_000 },
    { taskId: 'TASK-003', ...none },
  ]);
  // With the planning, which is in the estimate, too.
  expect(compared?.run).toEqual({ expectedNanoUsd: 6, worstNanoUsd: 60, actualNanoUsd: 60_000_000 });
  expect(estimateWords(none)).toBe('');
});

test('before there is a plan there is nothing to compare', () => {
  expect(estimateAgainstActual(stateAfter([]))).toBeNull();
});
