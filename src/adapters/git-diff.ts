// Differences between two commits or trees, as facts and as text. No file of a working tree is ever read.
import { RunError } from '../errors.ts';
import type { ChangedEntry } from '../ports.ts';
import type { FileChange } from '../types.ts';
import { assertObjectId, runGit } from './git-process.ts';

/**
 * No external diff, no textconv: both run programs. Submodules are compared by their commit, never looked into; they are
 * not left out, since a changed gitlink must not escape the eye.
 */
const diffArguments = ['diff-tree', '-r', '-M', '--no-ext-diff', '--no-textconv', '--no-color', '--submodule=short'];

const statuses: Readonly<Record<string, FileChange['status']>> = { A: 'added', D: 'deleted', R: 'renamed' };

/** Parses `diff-tree -z --raw --numstat`: first all raw rows, then all counts, both in the same order. */
function parseChanges(output: string): readonly FileChange[] {
  const fields = output.split('\0');
  const changes: Pick<FileChange, 'path' | 'previousPath' | 'status'>[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const letter = fields[at]?.split(' ')[4]?.[0] ?? 'M';
    const isRename = letter === 'R';
    const [, one = '', two = ''] = fields.slice(at, at + 3);
    const paths = isRename ? { path: two, previousPath: one } : { path: one };
    changes.push({ ...paths, status: statuses[letter] ?? 'modified' });
    at += isRename ? 3 : 2;
  }
  return changes.map((change) => {
    const [added = '', deleted = '', path = ''] = fields[at]?.split('\t') ?? [];
    at += path === '' ? 3 : 1;
    // A binary file has `-` for both counts.
    return { ...change, addedLines: Number(added) || 0, deletedLines: Number(deleted) || 0 };
  });
}

/** Files that differ between two commits or trees; a rename carries both its paths. */
export async function changedFiles(gitDir: string, from: string, to: string): Promise<readonly FileChange[]> {
  const args = [...diffArguments, '-z', '--raw', '--numstat', assertObjectId(from), assertObjectId(to), '--'];
  return parseChanges((await runGit({ gitDir, args })).stdout.toString());
}

/** The unified diff between two commits or trees; empty when they are equal. */
export async function diffText(gitDir: string, from: string, to: string): Promise<string> {
  const args = [...diffArguments, '-p', assertObjectId(from), assertObjectId(to), '--'];
  return (await runGit({ gitDir, args })).stdout.toString();
}

/** Rows of `diff-tree -z --raw`: `:<mode> <mode> <id> <id> <status>`, then one path, or two for a rename. */
function parseEntries(output: string): readonly Omit<ChangedEntry, 'sizeBytes'>[] {
  const fields = output.split('\0');
  const entries: Omit<ChangedEntry, 'sizeBytes'>[] = [];
  for (let at = 0; fields[at]?.startsWith(':');) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = fields[at]?.slice(1).split(' ') ?? [];
    const isRename = status.startsWith('R');
    const [one = '', two = ''] = fields.slice(at + 1, at + 3);
    entries.push({
      path: isRename ? two : one,
      previousPath: isRename ? one : null,
      ...{ oldMode: nullIfZero(oldMode), newMode: nullIfZero(newMode) },
      ...{ oldId: nullIfZero(oldId), newId: nullIfZero(newId) },
    });
    at += isRename ? 3 : 2;
  }
  return entries;
}

/** git writes zeros for a side that does not exist. */
const nullIfZero = (text: string): string | null => (/^0*$/.test(text) ? null : text);

/**
 * Entries that differ between two commits or trees, as the trees have them: no attribute, driver or filter has a say.
 * Throws RunError `repository-unsafe` for a name that is not UTF-8.
 */
export async function changedEntries(gitDir: string, from: string, to: string): Promise<readonly ChangedEntry[]> {
  const args = [...diffArguments, '-z', '--raw', '--no-abbrev', assertObjectId(from), assertObjectId(to), '--'];
  const { stdout } = await runGit({ gitDir, args });
  const text = stdout.toString();
  if (!Buffer.from(text).equals(stdout)) throw new RunError('repository-unsafe', { detail: 'a name is not UTF-8' });
  const entries = parseEntries(text);
  const sizes = await sizesOf(
    gitDir,
    entries.flatMap(({ newId, newMode }) => (newId === null || newMode === '160000' ? [] : [newId])),
  );
  return entries.map((entry) => ({ ...entry, sizeBytes: sizes.get(entry.newId ?? '') ?? 0 }));
}

/** Sizes of objects by id, in one process. */
async function sizesOf(gitDir: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)'];
  const { stdout } = await runGit({ gitDir, args, input: `${ids.join('\n')}\n` });
  const rows = stdout.toString().matchAll(/^([0-9a-f]+) (\d+)$/gm);
  return new Map(Array.from(rows, ([, id = '', size]) => [id, Number(size)]));
}
