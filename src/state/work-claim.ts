// Who works on what: at most one run at a time, by the record that it keeps on a branch.
import { attemptOf } from '../run-id.ts';
import type { StateRecord } from './state-record.ts';

/** Milliseconds from one sign of life of a run to the next. */
export const beatMs = 60_000;
/** A run that has been silent for so long is dead: three signs of life are missing. */
export const silentMs = 3 * beatMs;

export interface Claimant {
  readonly runId: string;
  /** Attempts before this one of the same run of a workflow: GitHub starts a second one when the first has ended. */
  readonly earlierRunIds: readonly string[];
}

/** True when the record's run may be at work now, and is another than the claimant. */
export function isAtWork(record: StateRecord, claimant: Claimant, nowMs: number): boolean {
  const own = [claimant.runId, ...claimant.earlierRunIds].some((id) => attemptOf(id) === attemptOf(record.runId));
  return record.phase === 'running' && !own && nowMs - record.beatAtMs < silentMs;
}

/** Why a second run does not start, and what to do about it. */
export const busyReason = ({ runId, actor, startedAtMs }: StateRecord): string =>
  `Run ${runId}, started by ${actor} at ${new Date(startedAtMs).toISOString()}, is at work on this already. ` +
  'Comment `/ai-implement stop` to stop it, then start again: the new run goes on from what is done.';
