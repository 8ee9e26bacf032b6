// Finds and reads a journal for those who only look at it.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRunError, RunError } from '../errors.ts';
import { readJournal, type JournalText } from '../journal/read-journal.ts';
import { runsDirectory } from './run-folders.ts';

const fileName = 'journal.jsonl';

/**
 * The journal that is meant by its path, by the folder it lies in, or by the id of a run of the project.
 * @throws RunError `run-not-found` where there is none such
 */
export function findJournal(where: string, projectDir: string): string {
  const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
  const found = [where, join(where, fileName), join(runsDirectory(projectDir), where, fileName)].find(isFile);
  if (found !== undefined) return found;
  const what = existsSync(where) ? `journal (${fileName})` : `file or run "${where}"`;
  throw new RunError('run-not-found', {
    what,
    directory: resolve(existsSync(where) ? where : runsDirectory(projectDir)),
  });
}

/** @throws RunError `journal-unreadable`, `journal-version`, or `not-a-journal` where it does not begin like one */
export function readJournalFile(path: string): JournalText {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new RunError('journal-unreadable', { detail }, error);
  }
  try {
    return readJournal(text);
  } catch (error) {
    const detail = isRunError(error) && error.code === 'journal-unreadable' ? (error.facts['detail'] ?? '') : '';
    if (!detail.startsWith('line 1: ')) throw error;
    throw new RunError('not-a-journal', { path, detail }, error);
  }
}
