// What earlier runs cost today, for the limits of a day.
import type { SpentToday } from './ceilings.ts';
import { dayOf } from './prices.ts';

/** One earlier run on the repository: when it ended (ms since the epoch), who started it, what it cost in nano-dollars. */
export interface SpentRecord {
  readonly atMs: number;
  readonly actor: string;
  readonly costNanoUsd: number;
}

/**
 * Sums of the UTC day of `now`. Logins are compared without case, as GitHub does. The records are of other runs: what the
 * run itself spent before it was resumed is the ledger's `before`, and must not be among them.
 */
export function spentToday(
  records: readonly SpentRecord[],
  now: { readonly atMs: number; readonly actor: string },
): SpentToday {
  const todays = records.filter(({ atMs }) => dayOf(atMs) === dayOf(now.atMs));
  const persons = todays.filter(({ actor }) => actor.toLowerCase() === now.actor.toLowerCase());
  return { repositoryNanoUsd: sumOf(todays), personNanoUsd: sumOf(persons) };
}

const sumOf = (records: readonly SpentRecord[]): number =>
  records.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
