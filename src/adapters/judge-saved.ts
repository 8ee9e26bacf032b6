// Judges what a toolhost sends of a tree. It is not believed: whatever it refuses itself is refused here again.
import { caseCollisions, collides } from '../sandbox/case-collisions.ts';
import { linkLeavesTree, refusedPath } from '../sandbox/look-alikes.ts';
import type { FlatEntry } from './git-tree-objects.ts';

/** A file as it was sent. Bytes may be missing where the store has them, but for a link's. */
export interface JudgedFile {
  readonly path: string;
  readonly mode: string;
  readonly bytes: Buffer | null;
}

type Entries = ReadonlyMap<string, Pick<FlatEntry, 'mode'>>;

export interface JudgedFiles<File extends JudgedFile> {
  readonly taken: readonly File[];
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
}

const isSubmodule = (entries: Entries, path: string): boolean => entries.get(path)?.mode === '160000';

/** Said by the toolhost as well, where it knows of the submodule. */
export const liesInSubmodule = 'it lies in a submodule';

function reasonAgainst(entries: Entries, { path, mode, bytes }: JudgedFile): string | null {
  if (!['100644', '100755', '120000'].includes(mode)) return `its mode ${mode} is none of a file`;
  if (mode === '120000' && linkLeavesTree(path, bytes?.toString() ?? '')) return 'it is a link that leaves the tree';
  const names = path.split('/');
  if (isSubmodule(entries, path)) return 'it replaces a submodule';
  if (names.some((_, i) => isSubmodule(entries, names.slice(0, i + 1).join('/')))) return liesInSubmodule;
  if (!entries.has(path) && path.includes('\\')) return 'its name holds a backslash, which is a separator on Windows';
  return refusedPath(path);
}

/** Sorts received files by whether they may enter the tree that holds `entries` and loses `deleted`. */
export function judgeSaved<File extends JudgedFile>(
  entries: Entries,
  files: readonly File[],
  deleted: readonly string[],
): JudgedFiles<File> {
  const gone = new Set(deleted);
  const judged = files.map((file) => ({ file, reason: reasonAgainst(entries, file) }));
  const fine = judged.flatMap(({ file, reason }) => (reason === null ? [file] : []));
  const kept = [...entries.keys()].filter((path) => !gone.has(path));
  const added = fine.map(({ path }) => path).filter((path) => !entries.has(path));
  const colliding = new Set(caseCollisions(added.length === 0 ? [] : kept, added));
  return {
    taken: fine.filter(({ path }) => !colliding.has(path)),
    refused: [
      ...judged.flatMap(({ file, reason }) => (reason === null ? [] : [{ path: file.path, reason }])),
      ...[...colliding].map((path) => ({ path, reason: collides })),
    ],
  };
}

/** The paths that a toolhost may say are gone: submodules are never an agent's to remove. */
export const judgeDeleted = (entries: Entries, deleted: readonly string[]): readonly string[] =>
  deleted.filter((path) => !isSubmodule(entries, path));
