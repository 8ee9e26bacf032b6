// The journal of one run: a file that only grows, the entries and state it stands for, and who wants to hear of them.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { RunError } from '../errors.ts';
import type { JournalEntry, RunEvent } from '../events.ts';
import { journalVersion, readJournal } from '../journal/read-journal.ts';
import { applyEntry, projectRun } from '../journal/project-run.ts';
import type { RunState } from '../journal/run-state.ts';
import type { Clock, Reporter } from '../ports.ts';

export type JournalListener = (entry: JournalEntry) => void;

export interface JournalFile extends Reporter {
  /** All entries, oldest first, as they stand in the file: already redacted. */
  entries(): readonly JournalEntry[];
  state(): RunState;
  /** Calls `listener` with each later entry, in order. One that throws is dropped, with a warning. Returns the way out. */
  subscribe(listener: JournalListener): () => void;
  /** Brings the file to the disk and lets it go; later events are kept in memory only. */
  close(): void;
}

export interface JournalOptions {
  readonly path: string;
  readonly runId: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Takes the secrets out of one string. Applied to every string of every event before anybody else sees it. */
  readonly redact: (text: string) => string;
}

/**
 * Opens a journal, readable by its owner only, or goes on with the one of the same run that is there.
 * `emit` writes before it tells anybody and never throws: when the file cannot be written any more, the run goes on in
 * memory and a warning says so.
 * @throws RunError `journal-unreadable` when the file is damaged or another run's; an Error when it cannot be opened.
 */
export function openJournal({ path, runId, clock, redact }: JournalOptions): JournalFile {
  const file = openFile(path, runId);
  const entries = [...file.earlier];
  let state = projectRun(entries);
  const listeners = createListeners((message) => emit({ type: 'warning', message }));

  const emit = (event: RunEvent): void => {
    const entry: JournalEntry = { seq: entries.length, atMs: clock.now(), event: redacted(event, redact) };
    const fault = file.append(entry);
    entries.push(entry);
    state = applyEntry(state, entry);
    listeners.tell(entry);
    if (fault !== null) emit({ type: 'warning', message: fault });
  };

  return { emit, entries: () => entries, state: () => state, subscribe: listeners.add, close: file.close };
}

/** A copy with every string redacted, and nothing in it that the file would not keep. */
function redacted(event: RunEvent, redact: (text: string) => string): RunEvent {
  return JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  );
}

interface OpenFile {
  readonly earlier: readonly JournalEntry[];
  /** Returns what people should know when the entry could not be written. */
  append(entry: JournalEntry): string | null;
  close(): void;
}

// What a run must not lose to a power cut; the rest is safe from a crash of ours as soon as it is written.
const synced: readonly RunEvent['type'][] = ['run.started', 'plan.accepted', 'task.ended', 'run.ended'];

function openFile(path: string, runId: string): OpenFile {
  mkdirSync(dirname(path), { recursive: true });
  const earlier = readEarlier(path, runId);
  let descriptor: number | null = openSync(path, 'a', 0o600);
  if (earlier === null) appendFileSync(descriptor, `${JSON.stringify({ journal: journalVersion, runId })}\n`);
  const close = (sync: boolean): void => {
    if (descriptor === null) return;
    if (sync) fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = null;
  };
  return {
    earlier: earlier ?? [],
    append: (entry) => {
      if (descriptor === null) return null;
      try {
        appendFileSync(descriptor, `${JSON.stringify(entry)}\n`);
        if (synced.includes(entry.event.type)) fsyncSync(descriptor);
        return null;
      } catch (error) {
        close(false);
        return `The journal cannot be written any more, so this run cannot be resumed: ${messageOf(error)}`;
      }
    },
    close: () => {
      close(true);
    },
  };
}

/** The entries that are there already, with a torn last line cut off the file; null when there is no header yet. */
function readEarlier(path: string, runId: string): readonly JournalEntry[] | null {
  if (!existsSync(path)) return null;
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  truncateSync(path, Buffer.byteLength(whole));
  if (whole === '') return null;
  const journal = readJournal(whole);
  if (journal.runId === runId) return journal.entries;
  throw new RunError('journal-unreadable', { detail: `${path} belongs to the run ${journal.runId}` });
}

/** Listeners get entries one after the other, also those that are made while one of them listens. */
function createListeners(warn: (message: string) => void) {
  const listeners = new Set<JournalListener>();
  const waiting: JournalEntry[] = [];
  let telling = false;

  const tellOne = (listener: JournalListener, entry: JournalEntry): void => {
    try {
      listener(entry);
    } catch (error) {
      listeners.delete(listener);
      warn(`An output of this run stopped: ${messageOf(error)}`);
    }
  };

  return {
    add: (listener: JournalListener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (entry: JournalEntry): void => {
      waiting.push(entry);
      if (telling) return;
      telling = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        for (const listener of [...listeners]) tellOne(listener, next);
      }
      telling = false;
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
