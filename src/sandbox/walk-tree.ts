// Walks a tree by lstat, never through a link, and sorts what it finds: to import, ignored, or refused by its name.
import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { refusedName } from './look-alikes.ts';
import type { TreeState } from './tree-state.ts';

/**
 * Bytes of a new path. Git on Windows ends at 4,096 with long paths switched on, and so does a path of Linux, which an agent
 * can go beyond by steps; what lies deeper is never looked at.
 */
const maxPathBytes = 1024;

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

/** A name in a directory. */
export interface Name {
  readonly name: string;
  readonly isText: boolean;
}

/** Names of a directory in the order of their bytes; those that are no UTF-8 cannot be addressed and are marked. */
export function namesIn(directory: string): readonly Name[] {
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

/** What speaks against a new path by its name alone; null for nothing. */
export function reasonAgainstName(path: string, { name, isText }: Name): string | null {
  if (!isText) return 'its name is not UTF-8';
  const reason = refusedName(name);
  if (reason !== null) return reason;
  if (name.includes('\\')) return 'its name holds a backslash, which is a separator on Windows';
  return Buffer.byteLength(path) > maxPathBytes ? `its path is longer than ${maxPathBytes} bytes` : null;
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
  /** Names of a directory of the tree; none, and the directory refused, when it cannot be read. */
  const namesOf = (directory: string): readonly Name[] => {
    try {
      return namesIn(join(root, directory));
    } catch (error) {
      if (directory === '') throw error;
      walked.refused.push({ path: directory, reason: 'it cannot be read' });
      return [];
    }
  };
  const visitDirectory = (directory: string, isIgnored: boolean): void => {
    for (const named of namesOf(directory)) {
      const path = directory === '' ? named.name : `${directory}/${named.name}`;
      if (path === '.git') continue;
      const isKnown = records.has(path) || inRecords.has(path);
      const reason = isKnown ? null : reasonAgainstName(path, named);
      if (reason === null) visit(path, isIgnored);
      else walked.refused.push({ path, reason });
    }
  };
  const visitSubmodule = (path: string): void => {
    if (namesOf(path).length > 0) walked.refused.push({ path, reason: 'it lies in a submodule' });
  };

  visitDirectory('', false);
  return walked;
}
