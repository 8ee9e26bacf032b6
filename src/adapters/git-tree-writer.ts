// Makes new trees of the store: from a list of entries, and as changes to a tree that is there.
import type { Git, TreeEntry } from '../ports.ts';
import { refusedPath } from '../sandbox/look-alikes.ts';
import { encodePack, objectId, type NewObject, type ObjectFormat } from './git-pack.ts';
import { runGit } from './git-process.ts';
import { buildTrees, type FlatEntry } from './git-tree-objects.ts';

export interface TreeWriter extends Pick<Git, 'writeFiles' | 'restore'> {
  /** Stores the blobs and the trees that hold exactly these entries; returns the top tree. One process. */
  writeTree(entries: readonly FlatEntry[], blobs: readonly Uint8Array[]): Promise<string>;
}

export interface TreeWriterOptions {
  readonly gitDir: string;
  readonly format: ObjectFormat;
  readonly listFiles: (treeish: string) => Promise<readonly TreeEntry[]>;
}

/** New entries replace what is in their way: the path itself, what lies below it, and a file above it. */
function overlay(entries: readonly FlatEntry[], added: readonly FlatEntry[]): readonly FlatEntry[] {
  const inTheWay = (path: string): boolean =>
    added.some((one) => path === one.path || path.startsWith(`${one.path}/`) || one.path.startsWith(`${path}/`));
  return [...entries.filter(({ path }) => !inTheWay(path)), ...added];
}

function assertWritable(path: string): void {
  const reason = refusedPath(path);
  if (reason !== null) throw new Error(`${path} cannot be written: ${reason}`);
}

export function createTreeWriter({ gitDir, format, listFiles }: TreeWriterOptions): TreeWriter {
  const stored = new Set<string>();
  const writeTree: TreeWriter['writeTree'] = async (entries, blobs) => {
    const { root, trees } = buildTrees(entries, format);
    const objects: NewObject[] = blobs.map((bytes) => ({ type: 'blob', bytes }));
    for (const [id, bytes] of trees) if (!stored.has(id)) objects.push({ type: 'tree', bytes });
    // git computes every id again from the bytes, and skips what it has.
    await runGit({ gitDir, args: ['unpack-objects', '-q'], input: encodePack(objects, format) });
    for (const id of trees.keys()) stored.add(id);
    return root;
  };
  return {
    writeTree,
    writeFiles: async (commit, files) => {
      const entries = await listFiles(commit);
      const executable = new Set(entries.filter(({ mode }) => mode === '100755').map(({ path }) => path));
      const written = files.map(({ path, content }) => {
        assertWritable(path);
        const bytes = Buffer.from(content);
        const mode = executable.has(path) ? '100755' : '100644';
        return { bytes, entry: { path, mode, id: objectId('blob', bytes, format) } };
      });
      const added = written.map(({ entry }) => entry);
      const blobs = written.map(({ bytes }) => bytes);
      return writeTree(overlay(entries, added), blobs);
    },
    restore: async (tree, from, paths) => {
      const [current, earlier] = await Promise.all([listFiles(tree), listFiles(from)]);
      const wanted = new Set(paths);
      const kept = current.filter(({ path }) => !wanted.has(path));
      const restored = earlier.filter(({ path }) => wanted.has(path));
      return writeTree(overlay(kept, restored), []);
    },
  };
}
