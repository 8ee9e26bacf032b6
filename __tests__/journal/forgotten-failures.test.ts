import { expect, test } from '@jest/globals';
import type { JournalEntry, RunEvent } from '../../src/events.ts';
import { createEarlierEvents } from '../../src/journal/earlier-events.ts';
import { forgottenFailures } from '../../src/journal/forgotten-failures.ts';
import { noUsage } from '../../src/money/usage.ts';
import { readEarlierRun } from '../../src/record/earlier-run.ts';
import { resultOf, taskOf } from '../support/run-events.ts';

const entriesOf = (...events: readonly RunEvent[]): JournalEntry[] =>
  events.map((event, seq) => ({ seq, atMs: 0, event }));
const error = { code: null, facts: {}, message: 'no' };
const failedCall: RunEvent = { type: 'call.failed', call: 'push', error };
const standing: RunEvent = { type: 'call.failed', call: 'permission', error, stands: true };
const resumed: RunEvent = { type: 'run.resumed', version: '1', replies: 0, toolCalls: 0 };
const asked = (agent: string, attempt = 1): RunEvent => ({
  ...{ type: 'model.asked', agent, role: 'r', turn: 1, attempt, requestHash: `of ${agent}` },
  ...{ reservedNanoUsd: 1, reservedTokens: 1, maxTokens: 1 },
});
const failed = (agent: string, reason = 'network'): RunEvent => ({
  ...{ type: 'model.failed', agent, turn: 1, requestHash: `of ${agent}`, reason, message: 'gone', usage: noUsage },
});
const ended: RunEvent = { type: 'task.ended', result: resultOf(taskOf(1), { status: 'partial' }) };

/** Types of what is made anew by a process that goes on now. */
const forgotten = (endsInKill: boolean, ...events: readonly RunEvent[]): readonly string[] =>
  [...forgottenFailures(entriesOf(...events), { endsInKill })].map(({ seq }) => `${seq} ${events[seq]?.type ?? ''}`);

test('a call that failed is made anew after a kill, but one that was gone on from stands', () => {
  expect(forgotten(true, failedCall, standing)).toEqual(['0 call.failed']);
  expect(forgotten(false, failedCall, standing)).toEqual([]);
  expect(forgotten(false, failedCall, resumed, failedCall)).toEqual(['0 call.failed']);
});

test('a request that failed is asked anew with all its tries, unless its agent has told something since', () => {
  const tries = [asked('TASK-001'), asked('TASK-001', 2), failed('TASK-001')];
  expect(forgotten(true, ...tries, asked('TASK-002'))).toEqual(['0 model.asked', '1 model.asked', '2 model.failed']);
  expect(forgotten(true, ...tries, ended)).toEqual([]);
});

test('a request that was cut short with its run is asked anew, whatever its agent told of that', () => {
  expect(forgotten(true, asked('TASK-001'), failed('TASK-001', 'aborted'), ended)).toEqual([
    '0 model.asked',
    '1 model.failed',
  ]);
});

test('what is made anew is told anew: its money is announced once more', () => {
  const tries = entriesOf(asked('TASK-001'), failed('TASK-001'));
  expect(createEarlierEvents(tries).take(asked('TASK-001'))).toBeNull();
  expect(createEarlierEvents(tries, false).take(asked('TASK-001'))).toMatchObject({ seq: 0 });
});

test('a run that goes on gets no answer for what it makes anew, and a replay gets the failure', () => {
  const entries = entriesOf(failedCall, standing, asked('TASK-001'), failed('TASK-001'));
  const [goesOn, replayed] = [readEarlierRun(entries), readEarlierRun(entries, false)];
  expect([goesOn.answersTo('push'), goesOn.repliesTo('of TASK-001')]).toEqual([[], []]);
  expect(goesOn.answersTo('permission')).toMatchObject([{ error }]);
  expect(replayed.answersTo('push')).toEqual([{ seq: 0, error }]);
  expect(replayed.repliesTo('of TASK-001')).toMatchObject([{ seq: 3, reply: { kind: 'failed', reason: 'network' } }]);
  // Nothing was lost: the failure says what it cost.
  expect(goesOn.lost).toEqual([]);
});
