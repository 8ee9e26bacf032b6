// The runs of a project on this machine: one folder each, with its journal.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal, type JournalText } from '../journal/read-journal.ts';
import { isLocked, lockedBy } from './run-lock.ts';

export interface RunFolder {
  readonly runId: string;
  readonly directory: string;
  /** Null when it cannot be read, for `problem`. */
  readonly journal: JournalText | null;
  readonly problem: string | null;
  /** It came to its end, and its last words (comment, record, report) are said. */
  readonly hasEnded: boolean;
  /** The process that works on it; null when none does. */
  readonly pid: number | null;
}

export const runsDirectory = (projectDir: string): string => join(projectDir, '.ai-agents', 'runs');

/** Oldest first: ids begin with their time. */
export function listRuns(projectDir: string): readonly RunFolder[] {
  const directory = runsDirectory(projectDir);
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).sort();
  return names
    .filter((name) => existsSync(join(directory, name, 'journal.jsonl')))
    .map((name) => readRun(directory, name));
}

function readRun(parent: string, runId: string): RunFolder {
  const directory = join(parent, runId);
  const pid = lockedBy(directory);
  try {
    const journal = readJournal(readFileSync(join(directory, 'journal.jsonl'), 'utf8'));
    const hasEnded = journal.entries.some(({ event }) => event.type === 'run.ended') && !isLocked(directory);
    return { runId, directory, journal, problem: null, hasEnded, pid };
  } catch (error) {
    return {
      runId,
      directory,
      journal: null,
      problem: error instanceof Error ? error.message : String(error),
      hasEnded: false,
      pid,
    };
  }
}
