// Reads back what an agent changed in a tree that is an overlay: only the upper layer is walked, so that it costs as much as the
// changes, whatever the size of the repository. What is gone is not told here: the names that are left in each directory of the
// layer are, and the broker knows what was there before.
import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { IgnoreRules } from './ignore-rules.ts';
import { blobId, readRegularFile } from './read-file.ts';
import { maxFileBytes, maxTotalBytes, type ChangedFile } from './snapshot.ts';
import { fileMode, stampOf } from './tree-state.ts';
import { namesIn, reasonAgainstName, type RefusedPath } from './walk-tree.ts';

export interface LayerState {
  /** The tree as its agent sees it. */
  readonly root: string;
  /** Its upper layer: what differs from the layers below. */
  readonly upper: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly ignoreRules: IgnoreRules;
  /** Files of the layer that the broker knows, by path. */
  readonly known: Map<string, KnownFile>;
}

export interface KnownFile {
  readonly mode: string;
  readonly id: string;
  /** Null while the file is too young for one. */
  readonly stamp: string | null;
}

export interface LayerReading {
  /** Directories of the layer, each with the names that the agent sees in it. The first is the top, ''. */
  readonly directories: readonly { readonly path: string; readonly names: readonly string[] }[];
  /** Files and links of the layer. */
  readonly files: readonly { readonly path: string; readonly mode: string; readonly id: string }[];
  /** Those of them whose content the broker lacks. */
  readonly contents: readonly ChangedFile[];
  /** Topmost paths that the ignore rules leave out. */
  readonly ignored: readonly string[];
  readonly refused: readonly RefusedPath[];
}

/** How overlayfs marks what is deleted: a character device 0:0 (docs.kernel.org/filesystems/overlayfs.html). */
const isWhiteout = (stats: BigIntStats): boolean => stats.isCharacterDevice() && stats.rdev === 0n;

/** Collects what the walk finds. */
function createReading(state: LayerState) {
  const files: { path: string; mode: string; id: string }[] = [];
  const contents: ChangedFile[] = [];
  const refused: RefusedPath[] = [];
  let totalBytes = 0;
  const refuse = (path: string, reason: string): void => void refused.push({ path, reason });
  const take = (path: string, found: KnownFile, bytes: Buffer): void => {
    if (state.known.get(path)?.id !== found.id) {
      if (totalBytes + bytes.length > maxTotalBytes) {
        return refuse(path, `the changes of this tree are larger than ${maxTotalBytes / 1024 / 1024} MB`);
      }
      totalBytes += bytes.length;
      contents.push({ path, mode: found.mode, bytes });
    }
    state.known.set(path, found);
    files.push({ path, mode: found.mode, id: found.id });
  };
  const takeFile = (path: string, stats: BigIntStats): void => {
    const known = state.known.get(path);
    const stamp = stampOf(stats);
    if (known !== undefined && stamp !== null && known.stamp === stamp) {
      files.push({ path, mode: known.mode, id: known.id });
      return;
    }
    if (stats.size > maxFileBytes) return refuse(path, `it is larger than ${maxFileBytes / 1024 / 1024} MB`);
    const read = readRegularFile(join(state.root, path), maxFileBytes);
    if (read === null) return refuse(path, 'it cannot be read as a file');
    const id = blobId(read.bytes, state.objectFormat);
    take(path, { mode: fileMode(read.stats), id, stamp: stampOf(read.stats) }, read.bytes);
  };
  const takeLink = (path: string): void => {
    const bytes = readlinkSync(join(state.root, path), { encoding: 'buffer' });
    take(path, { mode: '120000', id: blobId(bytes, state.objectFormat), stamp: null }, bytes);
  };
  return { files, contents, refused, refuse, takeFile, takeLink };
}

/** @param entered ignored directories that hold files of the commit, and are therefore looked into all the same */
export function readLayer(state: LayerState, entered: ReadonlySet<string>): LayerReading {
  const { files, contents, refused, refuse, takeFile, takeLink } = createReading(state);
  const directories: { path: string; names: string[] }[] = [];
  const ignored: string[] = [];

  const visit = (path: string): void => {
    const stats = lstatSync(`${state.root}/${path}`, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    const isDirectory = stats.isDirectory();
    if (!entered.has(path) && state.ignoreRules.ignores(path, isDirectory)) ignored.push(path);
    else if (isDirectory) visitDirectory(path);
    else if (stats.isFile()) takeFile(path, stats);
    else if (stats.isSymbolicLink()) takeLink(path);
    else refuse(path, 'it is neither a file, a directory nor a link');
  };
  const visitDirectory = (directory: string): void => {
    let names: readonly string[];
    try {
      names = readdirSync(join(state.root, directory));
    } catch (error) {
      if (directory === '') throw error;
      return refuse(directory, 'it cannot be read');
    }
    directories.push({ path: directory, names: [...names] });
    for (const named of namesIn(join(state.upper, directory))) {
      const path = directory === '' ? named.name : `${directory}/${named.name}`;
      if (path === '.git') continue;
      const upper = lstatSync(join(state.upper, path), { bigint: true, throwIfNoEntry: false });
      if (upper !== undefined && isWhiteout(upper)) continue;
      const reason = reasonAgainstName(path, named);
      if (reason === null) visit(path);
      else refuse(path, reason);
    }
  };

  visitDirectory('');
  const seen = new Set(files.map(({ path }) => path));
  for (const path of state.known.keys()) if (!seen.has(path)) state.known.delete(path);
  return { directories, files, contents, ignored, refused };
}
