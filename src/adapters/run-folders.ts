// The runs of a project on this machine: one folder each, with its journal.
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal, type JournalText } from '../journal/read-journal.ts';
import { isLocked, lockedBy } from './run-lock.ts';

export interface RunFolder {
  readonly runId: string;
  readonly directory: string;
  /** Null when it cannot be read, for `problem`. Read when it is asked for: there may be many, and long ones. */
  readonly journal: JournalText | null;
  readonly problem: string | null;
  /** It came to its end, and its last words (comment, record, report) are said. Looked up without reading all of the journal. */
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
    .map((name) => openFolder(join(directory, name), name));
}

function openFolder(directory: string, runId: string): RunFolder {
  const path = join(directory, 'journal.jsonl');
  let known: Pick<RunFolder, 'journal' | 'problem'> | null = null;
  const read = (): Pick<RunFolder, 'journal' | 'problem'> => (known ??= readOrSay(path));
  return {
    runId,
    directory,
    get journal() {
      return read().journal;
    },
    get problem() {
      return read().problem;
    },
    get hasEnded() {
      return endsWithEnd(path) && !isLocked(directory);
    },
    get pid() {
      return lockedBy(directory);
    },
  };
}

function readOrSay(path: string): Pick<RunFolder, 'journal' | 'problem'> {
  try {
    return { journal: readJournal(readFileSync(path, 'utf8')), problem: null };
  } catch (error) {
    return { journal: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What follows the end of a run are its last words to GitHub: some lines, none of them long. */
const tailBytes = 256 * 1024;

/** Quotes in a text are escaped in JSON, so that no text of others can look like this. */
const endMark = '"event":{"type":"run.ended",';

function endsWithEnd(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail.includes(endMark);
  } finally {
    closeSync(descriptor);
  }
}
