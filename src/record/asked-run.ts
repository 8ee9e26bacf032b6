// How a run was asked for, as its journal has it: what `resume` and the same command or step again go by.
import * as z from 'zod/mini';
import type { JournalEntry } from '../events.ts';

const askedSchema = z.object({
  command: z.enum(['run', 'plan', 'stop']),
  options: z.record(z.string(), z.string()),
  commit: z.nullable(z.string()),
  branch: z.nullable(z.string()),
});

/** Options as they were given; `commit` and `branch` are those of the checkout. */
export type AskedRun = z.infer<typeof askedSchema>;

/** Null where it is not written down: of an earlier version. */
export function askedOf(entries: readonly JournalEntry[]): AskedRun | null {
  for (const { event } of entries) {
    if (event.type !== 'call.ended' || event.call !== 'asked') continue;
    const parsed = askedSchema.safeParse(event.answer);
    return parsed.success ? parsed.data : null;
  }
  return null;
}

/** True for the same command on the same commit, wherever it is called from. */
const isSameAsked = (one: AskedRun, other: AskedRun): boolean => textOf(one) === textOf(other);

function textOf({ command, options, commit }: AskedRun): string {
  const named = Object.entries(options).filter(([name]) => name !== 'projectDir');
  return JSON.stringify([command, commit, named.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The version that began the run; null when not even that was written. */
export function versionOf(entries: readonly JournalEntry[]): string | null {
  for (const { event } of entries) if (event.type === 'run.started') return event.version;
  return null;
}

/**
 * True when a run that has not ended may be gone on with: it was asked for in this way, by this version. One that was
 * killed before it said anything fits every request.
 */
export function fitsRequest(entries: readonly JournalEntry[], asked: AskedRun, version: string): boolean {
  if (entries.length === 0) return true;
  const earlier = askedOf(entries);
  return earlier !== null && isSameAsked(earlier, asked) && (versionOf(entries) ?? version) === version;
}
