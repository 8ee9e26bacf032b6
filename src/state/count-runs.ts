// How many runs may start on one day: counted from the repository's own list of runs, for all and for one person.
import { createHash } from 'node:crypto';
import { limitSentence } from '../journal/run-facts.ts';
import { dayOf } from '../money/prices.ts';
import type { Limits } from '../types.ts';
import type { EarlierRun } from './run-history.ts';

/** Of the configuration; null or absent: no limit. */
export type RunLimits = Pick<Limits, 'maxRunsPerDay' | 'maxRunsPerPersonPerDay'>;

export interface StartingRun {
  readonly runId: string;
  readonly actor: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

export const hasRunLimit = ({ maxRunsPerDay, maxRunsPerPersonPerDay }: RunLimits): boolean =>
  (maxRunsPerDay ?? null) !== null || (maxRunsPerPersonPerDay ?? null) !== null;

/**
 * Why the run must not start: the limit, its value and the count, in a sentence; null when it may. Days are those of UTC,
 * logins are compared without case. The run itself does not count, though it may be in the list already.
 */
export function refuseRun(runs: readonly EarlierRun[], limits: RunLimits, run: StartingRun): string | null {
  const todays = runs.filter(({ runId, atMs }) => runId !== run.runId && dayOf(atMs) === dayOf(run.atMs));
  const own = todays.filter(({ actor }) => actor.toLowerCase() === run.actor.toLowerCase());
  const { maxRunsPerDay: ofAll = null, maxRunsPerPersonPerDay: ofOne = null } = limits;
  if (ofOne !== null && own.length >= ofOne)
    return sentence('limits.max_runs_per_person_per_day', ofOne, `${own.length} by ${run.actor} today (UTC)`);
  if (ofAll !== null && todays.length >= ofAll)
    return sentence('limits.max_runs_per_day', ofAll, `${todays.length} today (UTC)`);
  return null;
}

const sentence = (limit: string, value: number, spent: string): string =>
  `${limitSentence({ limit, value: String(value), spent })} No further run starts before tomorrow, unless the limit is raised.`;

/** Most milliseconds between two tries to get into the list. */
const mostPauseMs = 2_000;

/** Runs that begin in the same second must not get into each other's way at each try: each waits its own time. */
export function pauseBefore(attempt: number, runId: string): number {
  const chance = createHash('sha256').update(`${runId} ${attempt}`).digest().readUInt16BE() / 0xffff;
  return Math.round(chance * Math.min(mostPauseMs, 250 * attempt));
}
