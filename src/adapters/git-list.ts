// Lists and searches the files of a commit.
import { RunError } from '../errors.ts';
import type { TreeEntry } from '../ports.ts';
import { assertObjectId, GitFailure, runGit } from './git-process.ts';

/** Listings kept at once: the base, the integration head and a head for each of a handful of tasks. */
const keptListings = 16;

function parseRow(row: Buffer): TreeEntry {
  const tab = row.indexOf(9);
  const [mode = '', , id = '', size = ''] = row.toString('latin1', 0, tab).split(/ +/);
  const name = row.subarray(tab + 1);
  const path = name.toString();
  if (!Buffer.from(path).equals(name)) {
    throw new RunError('repository-unsafe', { detail: `the name ${JSON.stringify(path)} is not UTF-8` });
  }
  return { path, mode, id, sizeBytes: Number(size) || 0 };
}

function* rows(output: Buffer): Generator<Buffer> {
  for (let start = 0, end = output.indexOf(0); end >= 0; start = end + 1, end = output.indexOf(0, start)) {
    yield output.subarray(start, end);
  }
}

async function list(gitDir: string, treeish: string): Promise<readonly TreeEntry[]> {
  try {
    const args = ['ls-tree', '-r', '-z', '-l', '--full-tree', assertObjectId(treeish)];
    return Array.from(rows((await runGit({ gitDir, args })).stdout), parseRow);
  } catch (error) {
    if (error instanceof GitFailure)
      throw new RunError('repository-incomplete', { detail: error.stderr.trim() }, error);
    throw error;
  }
}

/**
 * A lister that keeps the last few answers: objects never change, and several trees start from the same commit. Gitlinks
 * are listed with size 0. Throws RunError `repository-incomplete` or `repository-unsafe`.
 */
export function createLister(gitDir: string): (treeish: string) => Promise<readonly TreeEntry[]> {
  const kept = new Map<string, Promise<readonly TreeEntry[]>>();
  return (treeish) => {
    const found = kept.get(treeish) ?? list(gitDir, treeish);
    kept.delete(treeish);
    kept.set(treeish, found);
    const [oldest] = kept.keys();
    if (kept.size > keptListings && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}

/** Files with the number of lines that hold any of the words; binary files are left out. */
export async function grepFiles(
  gitDir: string,
  commit: string,
  words: readonly string[],
): Promise<readonly { readonly path: string; readonly lines: number }[]> {
  const wanted = words.filter((word) => word !== '' && !/[\n\0]/.test(word));
  if (wanted.length === 0) return [];
  const patterns = wanted.flatMap((word) => ['-e', word]);
  const args = ['grep', '-c', '-z', '-I', '-F', '-i', '--no-textconv', ...patterns, assertObjectId(commit), '--'];
  const { stdout } = await runGit({ gitDir, args, accept: [0, 1] });
  // Each row is `<commit>:<path>\0<count>\n`; a path may hold a newline, a count never.
  return Array.from(stdout.toString().matchAll(/([^\0]+)\0(\d+)\n/g), ([, name = '', count]) => ({
    path: name.slice(commit.length + 1),
    lines: Number(count),
  }));
}
