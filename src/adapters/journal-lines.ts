// The journal as a file: whole lines that only grow, each chained to the one before it.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { RunError } from '../errors.ts';
import type { JournalEntry, RunEvent } from '../events.ts';
import { readJournal, writeEntry, writeHeader, type JournalText } from '../journal/read-journal.ts';

export interface JournalLines {
  readonly earlier: readonly JournalEntry[];
  /** What people should know of the file as it was found; null when it was whole. */
  readonly found: string | null;
  /** Returns what people should know when the entry could not be written. */
  append(entry: JournalEntry): string | null;
  close(): void;
}

// What a run must not lose to a power cut; the rest is safe from a crash of ours as soon as it is written.
const synced: readonly RunEvent['type'][] = ['run.started', 'plan.accepted', 'task.ended', 'run.ended'];

/**
 * Opens or makes the file, readable by its owner only.
 * @throws RunError `journal-unreadable`, `journal-version`, `journal-unwritable`; what was there is left as it was
 */
export function openJournalLines(path: string, runId: string): JournalLines {
  const earlier = readEarlier(path, runId);
  const opened = writable(path, () => openForAppending(path, runId, earlier?.text ?? null));
  let descriptor: number | null = opened.descriptor;
  let last = opened.last;
  const isChained = (earlier?.text?.version ?? 2) > 1;
  const close = (sync: boolean): void => {
    if (descriptor === null) return;
    if (sync) fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = null;
  };
  return {
    earlier: earlier?.text?.entries ?? [],
    found: earlier?.found ?? null,
    append: (entry) => {
      if (descriptor === null) return null;
      const line = writeEntry(entry, isChained ? last : null);
      try {
        opened.append(line);
        last = line;
        if (synced.includes(entry.event.type)) fsyncSync(descriptor);
        return null;
      } catch (error) {
        close(false);
        return `The journal cannot be written any more (${messageOf(error)}). This run goes on, but if it is killed, what it does from here on is lost. Make room on the disk before the next run.`;
      }
    },
    close: () => close(true),
  };
}

/** Appends lines; one that the disk did not take whole is taken back, so that the file stays one of whole lines. */
function appendTo(descriptor: number): (line: string) => void {
  let { size } = fstatSync(descriptor);
  return (line) => {
    const bytes = Buffer.from(`${line}\n`);
    try {
      appendFileSync(descriptor, bytes);
      size += bytes.length;
    } catch (error) {
      ftruncateSync(descriptor, size);
      throw error;
    }
  };
}

interface Earlier {
  /** Null when there is no header yet. */
  readonly text: JournalText | null;
  readonly found: string | null;
}

/** What is there already, a torn last line set aside beside the file. Null when there is no file. */
function readEarlier(path: string, runId: string): Earlier | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const text = wholeBytes === 0 ? null : readJournal(bytes.subarray(0, wholeBytes).toString());
  if (text !== null && text.runId !== runId) {
    throw new RunError('journal-unreadable', { detail: `${path} belongs to the run ${text.runId}` });
  }
  if (wholeBytes === bytes.length) return { text, found: null };
  const aside = `${path}.torn`;
  writable(path, () => {
    appendFileSync(aside, bytes.subarray(wholeBytes), { mode: 0o600 });
    truncateSync(path, wholeBytes);
  });
  return { text, found: `The last line of the journal was torn when the run was killed; it is kept in ${aside}.` };
}

function openForAppending(path: string, runId: string, text: JournalText | null) {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a', 0o600);
  const append = appendTo(descriptor);
  if (text !== null) return { descriptor, append, last: text.lastLine };
  const last = writeHeader(runId);
  append(last);
  return { descriptor, append, last };
}

function writable<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new RunError('journal-unwritable', { detail: `${path}: ${messageOf(error)}` }, error);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
