// Makes new trees of the store: from a list of entries, and as changes to a tree that is there.
import type { Git } from '../ports.ts';
import { refusedPath } from '../sandbox/look-alikes.ts';
import { changeTree, type TreeChanges } from './change-tree.ts';
import type { TreeIndex } from './git-tree-index.ts';
import { encodePack, objectId, type NewObject, type ObjectFormat } from './git-pack.ts';
import { runGit, startGit, type StartedGit } from './git-process.ts';
import { buildTrees, type FlatEntry } from './git-tree-objects.ts';

export interface TreeWriter extends Pick<Git, 'writeFiles' | 'restore'> {
  /** Stores the blobs and the trees that hold exactly these entries; returns the top tree. One process. */
  writeTree(entries: readonly FlatEntry[], blobs: readonly Uint8Array[]): Promise<string>;
  /** Stores the blobs, and the tree with these changes; returns it. At most one process, whatever the size of the tree. */
  changeTree(tree: string, changes: TreeChanges, blobs: readonly Uint8Array[]): Promise<string>;
  /** Ends what waits for the next one to be written. */
  close(): void;
}

export interface TreeWriterOptions {
  readonly index: TreeIndex;
  readonly gitDir: string;
  readonly format: ObjectFormat;
  /** The tree of a commit, or of itself. */
  readonly treeOf: (treeish: string) => Promise<string>;
}

function assertWritable(path: string): void {
  const reason = refusedPath(path);
  if (reason !== null) throw new Error(`${path} cannot be written: ${reason}`);
}

/**
 * So many objects stay together in their pack, which takes a tenth of the time of a file for each. A pack for every few
 * would slow each later process down, which opens them all.
 */
const packedFrom = 8;

export function createTreeWriter({ gitDir, format, index, treeOf }: TreeWriterOptions): TreeWriter {
  const start = (): StartedGit => startGit({ gitDir, args: ['unpack-objects', '-q'] });
  /** Of a run that writes once there will be more to write. */
  let next: StartedGit | null = null;
  let isClosed = false;
  const store = async (objects: readonly NewObject[]): Promise<void> => {
    if (objects.length === 0) return;
    // git computes every id again from the bytes, and skips or compares what it has.
    const pack = encodePack(objects, format);
    if (objects.length >= packedFrom) {
      await runGit({ gitDir, args: ['index-pack', '--stdin'], input: pack });
      return;
    }
    const ready = next?.isWaiting() === true ? next : start();
    next = null;
    await ready.finish(pack);
    if (!isClosed) next ??= start();
  };
  const writeTree: TreeWriter['writeTree'] = async (entries, blobs) => {
    const { root, trees } = buildTrees(entries, format);
    const objects: NewObject[] = blobs.map((bytes) => ({ type: 'blob', bytes }));
    for (const bytes of trees.values()) objects.push({ type: 'tree', bytes });
    await store(objects);
    return root;
  };
  const write: TreeWriter['changeTree'] = async (tree, changes, blobs) => {
    const { tree: changed, objects } = await changeTree(tree, changes, { index, format });
    await store([...blobs.map((bytes) => ({ type: 'blob' as const, bytes })), ...objects]);
    return changed;
  };
  return {
    close: () => {
      isClosed = true;
      next?.kill();
    },
    writeTree,
    changeTree: write,
    writeFiles: async (commit, files) => {
      const tree = await treeOf(commit);
      const written = await Promise.all(
        files.map(async ({ path, content }) => {
          assertWritable(path);
          const bytes = Buffer.from(content);
          const isExecutable = (await index.entry(tree, path))?.mode === '100755';
          return { path, bytes, mode: isExecutable ? '100755' : '100644', id: objectId('blob', bytes, format) };
        }),
      );
      return write(
        tree,
        new Map(written.map(({ path, mode, id }) => [path, { mode, id }])),
        written.map(({ bytes }) => bytes),
      );
    },
    restore: async (tree, from, paths) => {
      const [now, earlier] = await Promise.all([treeOf(tree), treeOf(from)]);
      const wanted = await Promise.all(paths.map(async (path) => [path, await index.entry(earlier, path)] as const));
      return write(now, new Map(wanted), []);
    },
  };
}
