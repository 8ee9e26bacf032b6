// Writes and removes several files of a tree: all of them, or none.
import { chmodSync, lstatSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Place } from '../locate.ts';
import { writeText } from '../write-text.ts';

/** What a file shall hold; null removes it. */
export interface FileChange {
  readonly place: Place;
  readonly text: string | null;
  /** Permissions for a file that is new; null for the usual ones. */
  readonly mode: number | null;
}

/** Makes the changes in order. When one fails, those before it are undone and the error is thrown. */
export function changeFiles(changes: readonly FileChange[]): void {
  const undo: (() => void)[] = [];
  try {
    for (const change of changes) {
      undo.unshift(restoring(change.place.path));
      changeFile(change);
    }
  } catch (error) {
    for (const restore of undo) restore();
    throw error;
  }
}

function changeFile({ place, text, mode }: FileChange): void {
  if (text === null) {
    rmSync(place.path);
    return;
  }
  writeText(place, text);
  if (mode !== null) chmodSync(place.path, mode);
}

/** Puts a path back to what it is now. */
function restoring(path: string): () => void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return () => rmSync(path, { force: true });
  if (!stats.isFile()) return () => undefined;
  const bytes = readFileSync(path);
  const mode = statSync(path).mode & 0o777;
  return () => writeFileSync(path, bytes, { mode });
}
