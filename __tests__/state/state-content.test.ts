import { expect, test } from '@jest/globals';
import { noUsage } from '../../src/money/usage.ts';
import { neededCommits, noNotes, stateContent } from '../../src/state/state-content.ts';
import { stateAfter, wholeRun } from '../support/run-events.ts';

const commit = 'a'.repeat(40);
const base = { commit, baseBranch: 'main', branch: 'ai/issue-1', expected: null, pullRequest: null };
const landed = { start: commit, head: { commit, checks: [] }, results: [], merges: [], work: [] };
const notes = { ...noNotes, request: 'hash', base, landed };
const exposed = { type: 'credential.exposed', agent: 'TASK-001', place: 'tool result', path: null } as const;
const outcome = { kind: 'failed', stage: 'execute', code: 'credential-exposed', error: 'E', saved: [] } as const;
const ended = { type: 'run.ended', outcome, usage: noUsage, durationMs: 1 } as const;

test('of a run that may have shown a credential the record keeps only that it was, and nothing to go on with', () => {
  const whole = stateContent(stateAfter(wholeRun()), notes, noUsage, null);
  expect([whole.plan, whole.landed, whole.request]).not.toContain(null);
  const carried = { ...whole, version: 1, stop: null, beatAtMs: 0 } as const;
  const record = stateContent(stateAfter([...wholeRun(), exposed, ended]), notes, noUsage, carried);
  expect(record).toMatchObject({ plan: null, landed: null, base: null, request: null });
  expect(record).toMatchObject({ phase: 'ended', outcome: 'failed: credential-exposed' });
  expect(neededCommits(record)).toEqual([]);
});
