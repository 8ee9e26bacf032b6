// Differences between two commits or trees, as facts and as text. No file of a working tree is ever read.
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
