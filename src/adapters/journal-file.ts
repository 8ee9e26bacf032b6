// The journal of one run: a file that only grows, the entries and state it stands for, and who wants to hear of them.
import type { JournalEntry, RunEvent } from '../events.ts';
import { createEarlierEvents } from '../journal/earlier-events.ts';
import { applyEntry } from '../journal/project-run.ts';
import { emptyRunState, type RunState } from '../journal/run-state.ts';
import { withKnownClean } from '../journal/known-clean.ts';
import type { Clock, Reporter } from '../ports.ts';
import { openJournalLines } from './journal-lines.ts';

export type JournalListener = (entry: JournalEntry) => void;

export interface JournalFile extends Reporter {
  /** All entries, oldest first, as they stand in the file: already redacted. */
  entries(): readonly JournalEntry[];
  /** Those that were there when it was opened: of a process that was killed. */
  readonly earlier: readonly JournalEntry[];
  /** The run as far as this process has told it: what an earlier one did counts as soon as it is told again. */
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
 * memory and a warning says so. What an earlier process of the run has written already is told, with its time, and not
 * written again.
 * @throws RunError `journal-unreadable`, `journal-version` or `journal-unwritable`
 */
export function openJournal({ path, runId, clock, redact }: JournalOptions): JournalFile {
  const file = openJournalLines(path, runId);
  const { earlier } = file;
  const entries = [...earlier];
  const known = createEarlierEvents(earlier);
  const cleanOf = withKnownClean(earlier, redact);
  let state = emptyRunState;
  const listeners = createListeners((message) => emit({ type: 'warning', message }));

  const tell = (entry: JournalEntry): void => {
    state = applyEntry(state, entry);
    listeners.tell(entry);
  };
  const emit = (event: RunEvent): void => {
    const clean = redacted(event, cleanOf);
    const before = known.take(clean);
    if (before !== null) return tell(before);
    const entry: JournalEntry = { seq: entries.length, atMs: clock.now(), event: clean };
    const fault = file.append(entry);
    entries.push(entry);
    tell(entry);
    if (fault !== null) emit({ type: 'warning', message: fault });
  };

  if (file.found !== null) emit({ type: 'warning', message: file.found });
  return { emit, earlier, entries: () => entries, state: () => state, subscribe: listeners.add, close: file.close };
}

/** A copy with every string redacted, and nothing in it that the file would not keep. */
function redacted(event: RunEvent, redact: (text: string) => string): RunEvent {
  return JSON.parse(JSON.stringify(event), (_key, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  );
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
