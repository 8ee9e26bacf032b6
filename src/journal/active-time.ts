// How long a run has worked, without the time in which no process of it was there.
import type { JournalEntry } from '../events.ts';

/** Milliseconds from first to last event, summed over the processes of the run. */
export function activeMs(entries: readonly JournalEntry[]): number {
  let sum = 0;
  let last: JournalEntry | null = null;
  for (const entry of entries) {
    // The first events of a process that goes on stand before it says so, within milliseconds of that.
    if (last !== null && entry.event.type !== 'run.resumed') sum += Math.max(0, entry.atMs - last.atMs);
    last = entry;
  }
  return sum;
}
