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

/** Lines of one file that are looked at: enough to rank it, and a bound for files that hold a word on every line. */
const maxLinesOfFile = 100;

/** Words up to this length stand in too many others (`re` in `return`) to be looked for inside of words. */
const shortWord = 4;

interface Occurrence {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The matched text. */
  readonly text: string;
}

/**
 * Where any of the words (fixed strings, case ignored) stands, file by file in order of lines; those up to four
 * characters as whole words only. Binary files are left out. At most two processes, whatever the number of words.
 */
export async function grepFiles(
  gitDir: string,
  commit: string,
  words: readonly string[],
): Promise<readonly Occurrence[]> {
  const wanted = words.filter((word) => word !== '' && !/[\n\0]/.test(word));
  const isShort = (word: string): boolean => word.length <= shortWord;
  const found = await Promise.all([
    grep(
      gitDir,
      commit,
      wanted.filter((word) => !isShort(word)),
      [],
    ),
    grep(gitDir, commit, wanted.filter(isShort), ['-w']),
  ]);
  return found.flat();
}

async function grep(
  gitDir: string,
  commit: string,
  words: readonly string[],
  how: readonly string[],
): Promise<Occurrence[]> {
  if (words.length === 0) return [];
  const args = [
    ...['grep', '-o', '-n', '-z', '-I', '-F', '-i', '--no-textconv', `--max-count=${maxLinesOfFile}`, ...how],
    ...words.flatMap((word) => ['-e', word]),
    assertObjectId(commit),
    '--',
  ];
  const { stdout } = await runGit({ gitDir, args, accept: [0, 1] });
  return parseOccurrences(stdout, commit.length + 1);
}

/** Each row is `<commit>:<path>\0<line>\0<text>\n`; a path may hold a newline, a matched text never. */
function parseOccurrences(output: Buffer, prefixLength: number): Occurrence[] {
  const found: Occurrence[] = [];
  // A common word has hundreds of thousands of rows: equal names and texts are kept once.
  const kept = new Map<string, string>();
  const keep = (text: string): string => kept.get(text) ?? (kept.set(text, text), text);
  for (let start = 0; start < output.length;) {
    const nameEnd = output.indexOf(0, start);
    const lineEnd = output.indexOf(0, nameEnd + 1);
    const rowEnd = output.indexOf(10, lineEnd + 1);
    if (nameEnd < 0 || lineEnd < 0 || rowEnd < 0) break;
    found.push({
      path: keep(output.toString('utf8', start + prefixLength, nameEnd)),
      line: Number(output.toString('latin1', nameEnd + 1, lineEnd)),
      text: keep(output.toString('utf8', lineEnd + 1, rowEnd)),
    });
    start = rowEnd + 1;
  }
  return found;
}
