// Changes some files of a tree that is an overlay: those that differ from what is there, which the broker knows.
import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assertWritable, createWriter, pruneDirectories, writeFile, type Reset } from './materialise.ts';
import type { WantedEntry } from './protocol.ts';
import { blobId } from './read-file.ts';
import type { LayerState } from './read-layer.ts';
import { removePath, removeUnnameable } from './remove-path.ts';
import { stampOf } from './tree-state.ts';

export interface LayerChanges {
  /** Paths to remove, with all below them. */
  readonly remove: readonly string[];
  /** What is to be there in their place, or in place of what is. */
  readonly write: readonly WantedEntry[];
}

const isInDirectories = (root: string, path: string): boolean => {
  const names = path.split('/').slice(0, -1);
  return names.every((_name, i) => {
    const above = join(root, ...names.slice(0, i + 1));
    return lstatSync(above, { throwIfNoEntry: false })?.isDirectory() === true;
  });
};

/** Plans the changes as a reset is planned: fed with blobs, then settled. Throws UnsafeTree. */
export function planLayer(state: LayerState, { remove, write }: LayerChanges): Reset {
  assertWritable(write);
  for (const path of remove) {
    // What lies below a file or a link is no path of the tree, and a link leads to another one.
    if (!isInDirectories(state.root, path)) continue;
    removePath(join(state.root, path));
    if (path.includes('\uFFFD')) removeUnnameable(join(state.root, dirname(path)));
    pruneDirectories(state.root, path);
    state.known.delete(path);
  }
  const put = createWriter(state.root);
  const waiting = new Map<string, WantedEntry[]>();
  for (const entry of write) {
    if (entry.mode !== '160000') waiting.set(entry.id, [...(waiting.get(entry.id) ?? []), entry]);
  }
  const links: { entry: WantedEntry; target: Buffer }[] = [];
  const note = ({ path, mode, id }: WantedEntry): void => {
    const stats = lstatSync(join(state.root, path), { bigint: true });
    state.known.set(path, { mode, id, stamp: stats.isFile() ? stampOf(stats) : null });
  };
  return {
    missing: [...waiting.keys()],
    write: (id, bytes) => {
      if (blobId(bytes, state.objectFormat) !== id) throw new Error(`the bytes sent for ${id} are others`);
      for (const entry of waiting.get(id) ?? []) {
        if (entry.mode === '120000') links.push({ entry, target: Buffer.from(bytes) });
        else {
          put(entry.path, (absolute) => writeFile(absolute, bytes, entry.mode));
          note(entry);
        }
      }
      waiting.delete(id);
    },
    settle: () => {
      if (waiting.size > 0) throw new Error(`${waiting.size} blobs never came`);
      for (const { path, mode } of write) if (mode === '160000') put(path, (absolute) => mkdirSync(absolute));
      for (const { entry, target } of links) {
        put(entry.path, (absolute) => symlinkSync(target, absolute));
        note(entry);
      }
    },
  };
}
