// Reads a journal for those who only look at it.
import { readFileSync } from 'node:fs';
import { RunError } from '../errors.ts';
import { readJournal, type JournalText } from '../journal/read-journal.ts';

/** @throws RunError `journal-unreadable` or `journal-version` */
export function readJournalFile(path: string): JournalText {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RunError('journal-unreadable', { detail }, error);
  }
  return readJournal(text);
}
