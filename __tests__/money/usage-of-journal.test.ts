import { expect, test } from '@jest/globals';
import type { RunEvent } from '../../src/events.ts';
import { noUsage } from '../../src/money/usage.ts';
import { usageOfJournal } from '../../src/money/usage-of-journal.ts';

const asked = (agent: string, turn: number, attempt = 1): RunEvent => ({
  ...{ type: 'model.asked', agent, role: 'r', turn, attempt },
  ...{ reservedNanoUsd: 5_000, reservedTokens: 300, maxTokens: 100 },
});
const usage = { ...noUsage, requests: 1, outputTokens: 7, costNanoUsd: 70 };
const replied = (agent: string, turn: number): RunEvent => ({
  ...{ type: 'model.replied', agent, role: 'r', turn, model: 'm', stopReason: 'end_turn' },
  ...{ content: [], usage, durationMs: 1 },
});
const worst = { ...noUsage, requests: 1, cacheWriteTokens: 200, outputTokens: 100, costNanoUsd: 5_000 };

test('answered calls count as reported, calls without an answer at their worst, each try of them', () => {
  expect(usageOfJournal([])).toEqual(noUsage);
  expect(usageOfJournal([asked('manager', 1), replied('manager', 1)])).toEqual(usage);
  expect(usageOfJournal([asked('manager', 1), replied('manager', 1), asked('TASK-001', 1)])).toEqual({
    ...worst,
    requests: 2,
    outputTokens: 107,
    costNanoUsd: 5_070,
  });
  expect(usageOfJournal([asked('TASK-001', 1), asked('TASK-001', 1, 2)]).costNanoUsd).toBe(10_000);
  const failed: RunEvent = { type: 'model.failed', agent: 'TASK-001', turn: 1, reason: 'network', message: '', usage };
  expect(usageOfJournal([asked('TASK-001', 1), asked('TASK-002', 1), failed])).toEqual({
    ...worst,
    requests: 2,
    outputTokens: 107,
    costNanoUsd: 5_070,
  });
});
