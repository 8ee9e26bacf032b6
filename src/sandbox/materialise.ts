// Writes a tree out: our own writer, so that no filter, line-ending rule or LFS hook of the repository has a say.
import { closeSync, constants, lstatSync, mkdirSync, openSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createIgnoreRules } from './ignore-rules.ts';
import { refusedPath } from './look-alikes.ts';
import { blobId, readRegularFile } from './read-file.ts';
import type { WantedEntry } from './protocol.ts';
import { removePath, removeUnnameable } from './remove-path.ts';
import { takeSnapshot } from './snapshot.ts';
import { sameMode, stampOf, type TreeState } from './tree-state.ts';

/** A commit that cannot be written out here: the user's to mend. */
export class UnsafeTree extends Error {
  override readonly name = 'UnsafeTree';
}

/** A reset under way: planned, then fed with blobs, then settled. */
export interface Reset {
  /** Ids of the blobs it lacks, each once. */
  readonly missing: readonly string[];
  /** Writes a blob to every path that wants it. */
  write(id: string, bytes: Uint8Array): void;
  /** Makes links and submodule directories, and takes over the ignore rules. Throws when a blob never came. */
  settle(): void;
}

/** Of one .gitignore; more than that is no list of patterns. */
const maxIgnoreFileBytes = 1024 * 1024;

/** O_EXCL: a path that is already there is never written through, whatever it is. */
const writeFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

const isDirectory = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/** Removes empty directories upwards; the first that is not empty ends it. */
export function pruneDirectories(root: string, path: string): void {
  for (let directory = dirname(path); directory !== '.'; directory = dirname(directory)) {
    try {
      rmdirSync(join(root, directory));
    } catch {
      return;
    }
  }
}

/** Puts things at paths of a tree, in place of whatever an agent left there, and notes what it made itself. */
export function createWriter(root: string): (path: string, make: (absolute: string) => void) => void {
  const directories = new Set<string>(['.']);
  const made = new Set<string>();
  const identity = (absolute: string): string | null => {
    const stats = lstatSync(absolute, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
  };
  const clear = (path: string): void => {
    const there = identity(join(root, path));
    if (there === null) return;
    if (made.has(there)) throw new UnsafeTree(`${path} has the same name as another path on this file system`);
    removePath(join(root, path));
  };
  const ensureDirectory = (path: string): void => {
    if (directories.has(path)) return;
    ensureDirectory(dirname(path));
    if (!isDirectory(join(root, path))) {
      clear(path);
      mkdirSync(join(root, path));
    }
    directories.add(path);
  };
  return (path, make) => {
    ensureDirectory(dirname(path));
    clear(path);
    make(join(root, path));
    const there = identity(join(root, path));
    if (there !== null) made.add(there);
  };
}

export function writeFile(absolute: string, bytes: Uint8Array, mode: string): void {
  const descriptor = openSync(absolute, writeFlags, mode === '100755' ? 0o755 : 0o644);
  try {
    writeFileSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what is not wanted any more, and what was never to be imported. Ignored files stay: dependencies are among them. */
function clearUnwanted(state: TreeState, wanted: ReadonlyMap<string, WantedEntry>): void {
  const { refused } = takeSnapshot(state);
  for (const { path } of refused) {
    removePath(join(state.root, path));
    if (path.includes('\uFFFD')) removeUnnameable(join(state.root, dirname(path)));
  }
  const isRemoved = (path: string): boolean =>
    refused.some((one) => path === one.path || path.startsWith(`${one.path}/`));
  for (const [path, record] of state.records) {
    const entry = wanted.get(path);
    const stays = entry?.id === record.id && sameMode(entry.mode, record.mode) && !isRemoved(path);
    if (stays) continue;
    removePath(join(state.root, path));
    pruneDirectories(state.root, path);
    state.records.delete(path);
  }
}

export function readIgnoreRules(state: TreeState): TreeState['ignoreRules'] {
  const files = new Map<string, string>();
  for (const path of state.records.keys()) {
    if (path !== '.gitignore' && !path.endsWith('/.gitignore')) continue;
    files.set(path, readRegularFile(join(state.root, path), maxIgnoreFileBytes)?.bytes.toString() ?? '');
  }
  return createIgnoreRules(files);
}

/** Taken at the end, before anything else runs in the tree, when most files of a large tree are old enough for a stamp. */
export function record(state: TreeState, { path, mode, id }: WantedEntry): void {
  const stats = lstatSync(join(state.root, path), { bigint: true });
  state.records.set(path, { mode, id, stamp: stats.isFile() ? stampOf(stats) : null });
}

/** No path that is refused, and none twice or below another: git makes no such tree, a stranger's server may send one. */
export function assertWritable(entries: readonly WantedEntry[]): void {
  const paths = new Set<string>();
  for (const { path } of entries) {
    const reason = paths.has(path) ? 'it is there twice' : refusedPath(path);
    if (reason !== null) throw new UnsafeTree(`${path}: ${reason}`);
    paths.add(path);
  }
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) throw new UnsafeTree(`${path}: it lies below a file or link`);
    }
  }
}

/** Plans to make the files equal to `entries`; those that are equal already are left alone. Throws UnsafeTree. */
export function planReset(state: TreeState, entries: readonly WantedEntry[]): Reset {
  assertWritable(entries);
  clearUnwanted(state, new Map(entries.map((entry) => [entry.path, entry])));
  const put = createWriter(state.root);
  const lacking = entries.filter((entry) => !state.records.has(entry.path));
  const waiting = new Map<string, WantedEntry[]>();
  for (const entry of lacking) {
    if (entry.mode !== '160000') waiting.set(entry.id, [...(waiting.get(entry.id) ?? []), entry]);
  }
  const links: { path: string; target: Buffer }[] = [];
  return {
    missing: [...waiting.keys()],
    write: (id, bytes) => {
      if (blobId(bytes, state.objectFormat) !== id) throw new Error(`the bytes sent for ${id} are others`);
      for (const entry of waiting.get(id) ?? []) {
        if (entry.mode === '120000') links.push({ path: entry.path, target: Buffer.from(bytes) });
        else put(entry.path, (absolute) => writeFile(absolute, bytes, entry.mode));
      }
      waiting.delete(id);
    },
    settle: () => {
      if (waiting.size > 0) throw new Error(`${waiting.size} blobs never came`);
      for (const entry of lacking.filter(({ mode }) => mode === '160000')) {
        put(entry.path, (absolute) => mkdirSync(absolute));
      }
      // Last, so that no path of this commit is ever written through one of its own links.
      for (const { path, target } of links) put(path, (absolute) => symlinkSync(target, absolute));
      for (const entry of lacking) record(state, entry);
      state.ignoreRules = readIgnoreRules(state);
    },
  };
}
