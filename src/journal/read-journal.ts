// The journal's file format, and reading it back: JSON lines, the first one a header, then one entry each.
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { RunError } from '../errors.ts';
import type { JournalEntry, RunEvent } from '../events.ts';

/** Raised when the meaning of an existing event changes; new events and new fields leave it as it is. 2: lines are chained. */
export const journalVersion = 2;
const readableVersions: readonly number[] = [1, journalVersion];

const header = z.object({ journal: z.int(), runId: z.string() });
const typed = z.object({ type: z.string() });
// Only the envelope is checked: the version vouches for the events, which were written by this program.
const entry = z.object({
  seq: z.int().check(z.nonnegative()),
  atMs: z.number(),
  event: z.custom<RunEvent>((value) => typed.safeParse(value).success),
  /** sha256 (hex) of the line before, as it stands in the file; none in version 1. */
  prev: z.optional(z.string()),
});

export interface JournalText {
  readonly runId: string;
  readonly entries: readonly JournalEntry[];
  /** 1 or 2; a journal is gone on with in its own version. */
  readonly version: number;
  /** Last whole line: what the next one is chained to. */
  readonly lastLine: string;
}

/**
 * Reads a journal. A last line without its newline was torn by a crash and is left out.
 * @throws RunError `journal-unreadable` naming the line, for any other damage; `journal-version` for another version
 */
export function readJournal(text: string): JournalText {
  const lines = text.split('\n').slice(0, -1);
  const { journal: version, runId } = parseLine(header, lines[0] ?? '', 1);
  if (!readableVersions.includes(version)) {
    const reads = readableVersions.join(' and ');
    throw new RunError('journal-version', { version: String(version), reads });
  }
  const entries: JournalEntry[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    entries.push(readEntry(lines[index] ?? '', lines[index - 1] ?? '', index, version));
  }
  return { runId, entries, version, lastLine: lines.at(-1) ?? '' };
}

/** What a line says of the one before it. */
export const chainOf = (line: string): string => createHash('sha256').update(line).digest('hex');

/** The line of an entry, without its newline. @param previous the line before it; null in version 1 */
export const writeEntry = (one: JournalEntry, previous: string | null): string =>
  JSON.stringify(previous === null ? one : { ...one, prev: chainOf(previous) });

/** The first line, without its newline. */
export const writeHeader = (runId: string): string => JSON.stringify({ journal: journalVersion, runId });

function readEntry(line: string, previous: string, index: number, version: number): JournalEntry {
  const { seq, atMs, event, prev } = parseLine(entry, line, index + 1);
  if (seq !== index - 1) {
    throw unreadable(index + 1, `entry ${String(seq)} stands where entry ${String(index - 1)} belongs`);
  }
  if (version > 1 && prev !== chainOf(previous)) {
    throw unreadable(index + 1, `line ${String(index)} is not as it was when this one was written`);
  }
  return { seq, atMs, event };
}

function parseLine<T>(schema: z.ZodMiniType<T>, line: string, number: number): T {
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
