import { expect, test } from '@jest/globals';
import { changedFiles, partialReasons } from '../../src/journal/run-facts.ts';
import type { RunEvent } from '../../src/events.ts';
import * as runs from '../support/run-events.ts';

const [first, second, third] = runs.threeTasks;
if (!first || !second || !third) throw new Error('three tasks are needed');
const planned = [...runs.opening(), ...runs.planned(runs.planOf(runs.threeTasks))];
const reasonsAfter = (...events: readonly RunEvent[]) => partialReasons(runs.stateAfter([...planned, ...events]));

test('what is missing is told in whole sentences', () => {
  const ended = (task: typeof first, status: 'failed' | 'skipped' | 'partial', reason: string): RunEvent => ({
    type: 'task.ended',
    result: runs.resultOf(task, { status, reason }),
  });
  expect(
    reasonsAfter(
      { type: 'limit.reached', limit: { limit: 'limits.max_api_calls', value: '200', spent: '200' } },
      ended(first, 'failed', 'It was handed back too often. Last: `npm test` failed'),
      ended(second, 'partial', 'The agent is blocked: Which\n database?'),
      ended(third, 'skipped', 'it needs TASK-001, which was not merged'),
    ),
  ).toEqual([
    'The limit limits.max_api_calls is 200; used: 200.',
    'TASK-001 failed: it was handed back too often. Last: `npm test` failed.',
    'TASK-002 is not finished: the agent is blocked: Which database?',
    'TASK-003 was skipped: it needs TASK-001, which was not merged.',
  ]);
});

test('so is what the end of the run left open, and what it broke', () => {
  const verification = runs.verificationOf({ introduced: ['a'] });
  expect(
    reasonsAfter(
      runs.started(first),
      { type: 'task.ended', result: runs.resultOf(second) },
      { type: 'verification.ended', verification },
    ),
  ).toEqual([
    'TASK-001 was interrupted.',
    'TASK-002 was not integrated.',
    'TASK-003 was not started.',
    '1 new failure since the base.',
  ]);
});

test('changed files are those of the result, not of the tasks', () => {
  expect(changedFiles(runs.stateAfter(runs.wholeRun())).map(({ path }) => path)).toContain('src/contract.ts');
  expect(changedFiles(runs.stateAfter(planned))).toEqual([]);
});
