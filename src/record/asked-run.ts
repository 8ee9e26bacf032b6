// How a run was asked for at the terminal, as its journal has it: what `resume` and the same command again go by.
import * as z from 'zod';
import type { JournalEntry } from '../events.ts';

const askedSchema = z.object({
  command: z.enum(['run', 'plan', 'stop']),
  options: z.record(z.string(), z.string()),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
});

/** Options as they were given; `commit` and `branch` are those of the checkout. */
export type AskedRun = z.infer<typeof askedSchema>;

/** Null for a run of the action, and of a version that did not write it down. */
export function askedOf(entries: readonly JournalEntry[]): AskedRun | null {
  for (const { event } of entries) {
    if (event.type !== 'call.ended' || event.call !== 'asked') continue;
    const parsed = askedSchema.safeParse(event.answer);
    return parsed.success ? parsed.data : null;
  }
  return null;
}

/** True for the same command on the same commit, wherever it is called from. */
export const isSameAsked = (one: AskedRun, other: AskedRun): boolean => textOf(one) === textOf(other);

function textOf({ command, options, commit }: AskedRun): string {
  const named = Object.entries(options).filter(([name]) => name !== 'projectDir');
  return JSON.stringify([command, commit, named.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The version that began the run; null when not even that was written. */
export function versionOf(entries: readonly JournalEntry[]): string | null {
  for (const { event } of entries) if (event.type === 'run.started') return event.version;
  return null;
}
