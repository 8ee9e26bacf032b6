// Walks a tree by lstat, never through a link, and sorts what it finds: to import, ignored, or refused by its name.
import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { isGitLookAlike } from './look-alikes.ts';
import type { TreeState } from './tree-state.ts';

export interface RefusedPath {
  readonly path: string;
  readonly reason: string;
}

export interface WalkedTree {
  /** All but directories: files, links, and what git has no name for. Sorted within each directory. */
  readonly found: readonly { readonly path: string; readonly stats: BigIntStats }[];
  /** Topmost untracked paths that the ignore rules leave out. */
  readonly ignored: readonly string[];
  readonly refused: readonly RefusedPath[];
}

/** Every directory that holds a recorded file: ignored or not, they are entered. */
function recordedDirectories(paths: Iterable<string>): ReadonlySet<string> {
  const directories = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return directories;
}

interface Name {
  readonly name: string;
  readonly isText: boolean;
}

/** Names of a directory in the order of their bytes; those that are no UTF-8 cannot be addressed and are marked. */
function namesIn(directory: string): readonly Name[] {
  const plain = readdirSync(directory);
  // Letters of ASCII sort alike as bytes and as text, and nothing can be wrong with them: nearly all names, at a tenth of the time.
  if (plain.every((name) => /^[\x20-\x7e]*$/.test(name))) return plain.sort().map((name) => ({ name, isText: true }));
  return readdirSync(directory, { encoding: 'buffer' })
    .sort(Buffer.compare)
    .map((bytes) => {
      const name = bytes.toString();
      return { name, isText: Buffer.from(name).equals(bytes) };
    });
}

/** The top `.git` is the agent's own and is passed over; any other is refused and not entered. */
export function walkTree({ root, records, ignoreRules }: TreeState): WalkedTree {
  const walked = {
    found: [] as { path: string; stats: BigIntStats }[],
    ignored: [] as string[],
    refused: [] as RefusedPath[],
  };
  const inRecords = recordedDirectories(records.keys());

  const visit = (path: string, isIgnored: boolean): void => {
    const stats = lstatSync(`${root}/${path}`, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    const isDirectory = stats.isDirectory();
    const isRecorded = records.has(path) || (isDirectory && inRecords.has(path));
    // A recorded file counts whatever the rules say of it, and asking them takes longer than all else that is done here.
    const ignored = isIgnored || (!(isRecorded && !isDirectory) && ignoreRules.ignores(path, isDirectory));
    if (ignored && !isRecorded) walked.ignored.push(path);
    else if (!isDirectory) walked.found.push({ path, stats });
    else if (records.get(path)?.mode === '160000') visitSubmodule(path);
    else visitDirectory(path, ignored);
  };
  const visitDirectory = (directory: string, isIgnored: boolean): void => {
    for (const { name, isText } of namesIn(join(root, directory))) {
      const path = directory === '' ? name : `${directory}/${name}`;
      if (path === '.git') continue;
      if (!isText) walked.refused.push({ path, reason: 'its name is not UTF-8' });
      else if (!records.has(path) && isGitLookAlike(name))
        walked.refused.push({ path, reason: "its name can be taken for git's own directory" });
      else visit(path, isIgnored);
    }
  };
  const visitSubmodule = (path: string): void => {
    if (namesIn(join(root, path)).length > 0) walked.refused.push({ path, reason: 'it lies in a submodule' });
  };

  visitDirectory('', false);
  return walked;
}
