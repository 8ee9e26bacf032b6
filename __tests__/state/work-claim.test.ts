import { expect, test } from '@jest/globals';
import { formatStateRecord, parseStateRecord, type StateRecord } from '../../src/state/state-record.ts';
import { busyReason, isAtWork } from '../../src/state/work-claim.ts';
import { asIs, contentOf } from './state-bed.ts';

const minuteMs = 60_000;

/** As it comes back from the repository. */
function recordOf(more: Partial<StateRecord> = {}): StateRecord {
  const text = formatStateRecord({ ...contentOf('7-1'), beatAtMs: minuteMs, stop: null, ...more }, asIs);
  const record = parseStateRecord(text);
  if (record === null) throw new Error('not a record');
  return record;
}
const stranger = { runId: '8-1', earlierRunIds: [] };

test('a run is at work until it has been silent for three minutes', () => {
  const record = recordOf();
  expect(isAtWork(record, stranger, 4 * minuteMs - 1)).toBe(true);
  expect(isAtWork(record, stranger, 4 * minuteMs)).toBe(false);
});

test('a clock that is behind that of the other machine makes nobody dead', () => {
  expect(isAtWork(recordOf(), stranger, 0)).toBe(true);
});

test.each(['stopped', 'ended'] as const)('a run that has %s is not at work, however short ago', (phase) => {
  expect(isAtWork(recordOf({ phase }), stranger, minuteMs)).toBe(false);
});

test('nobody waits for an attempt before their own, nor for another start of it', () => {
  const at = (runId: string, claimant: string, earlierRunIds: readonly string[] = []) =>
    isAtWork(recordOf({ runId }), { runId: claimant, earlierRunIds }, minuteMs);
  expect(at('7-1', '7-1')).toBe(false);
  expect(at('7-1', '7-2', ['7-1'])).toBe(false);
  expect(at('7-1', '7-1.2')).toBe(false);
  expect(at('7-1.2', '7-2', ['7-1'])).toBe(false);
  expect(at('7-1', '17-1')).toBe(true);
  expect(at('7-11', '7-1')).toBe(true);
});

test('who comes second is told by whom, since when, and what to do', () => {
  const reason = busyReason(recordOf({ actor: 'ben', startedAtMs: Date.UTC(2026, 10, 22) }));
  expect(reason).toMatch(/^Run 7-1, started by ben at 2026-11-22T00:00:00.000Z, is at work/);
  expect(reason).toContain('`/ai-implement stop`');
});
