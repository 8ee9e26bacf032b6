// The journal's file format, and reading it back: JSON lines, the first one a header, then one entry each.
import * as z from 'zod';
import { RunError } from '../errors.ts';
import type { JournalEntry, RunEvent } from '../events.ts';

/** Raised when the meaning of an existing event changes; new events and new fields leave it as it is. */
export const journalVersion = 1;

const header = z.object({ journal: z.int(), runId: z.string() });
// Only the envelope is checked: the version vouches for the events, which were written by this program.
const entry = z.object({
  seq: z.int().nonnegative(),
  atMs: z.number(),
  event: z.custom<RunEvent>((value) => z.object({ type: z.string() }).safeParse(value).success),
});

export interface JournalText {
  readonly runId: string;
  readonly entries: readonly JournalEntry[];
}

/**
 * Reads a journal. A last line without its newline was torn by a crash and is left out.
 * @throws RunError `journal-unreadable` naming the line, for any other damage and for another version.
 */
export function readJournal(text: string): JournalText {
  const [first, ...rest] = text.split('\n').slice(0, -1);
  const { journal, runId } = parseLine(header, first ?? '', 1);
  if (journal !== journalVersion) {
    const detail = `it has version ${String(journal)} and this program reads version ${String(journalVersion)}`;
    throw new RunError('journal-unreadable', { detail });
  }
  const entries = rest.map((line, index) => {
    const read = parseLine(entry, line, index + 2);
    if (read.seq === index) return read;
    throw unreadable(index + 2, `entry ${String(read.seq)} stands where entry ${String(index)} belongs`);
  });
  return { runId, entries };
}

function parseLine<T>(schema: z.ZodType<T>, line: string, number: number): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw unreadable(number, 'not JSON', error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw unreadable(number, number === 1 ? 'not the header of a journal' : 'not an entry', parsed.error);
}

const unreadable = (line: number, fault: string, cause?: unknown): RunError =>
  new RunError('journal-unreadable', { detail: `line ${String(line)}: ${fault}` }, cause);
