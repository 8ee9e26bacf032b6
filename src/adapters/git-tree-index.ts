// Looks into git trees by path, object by object: a question costs the depth of its path, not the size of the repository.
import { RunError } from '../errors.ts';
import type { GitObject } from './git-batch.ts';
import type { ObjectFormat } from './git-pack.ts';
import { isDirectoryMode, type FlatEntry, type TreeRow, type TreeRows } from './git-tree-objects.ts';

export interface TreeIndex {
  /** The entries of a tree object. */
  rows(tree: string): Promise<TreeRows>;
  /** What a tree has at a path; null for nothing. */
  entry(tree: string, path: string): Promise<TreeRow | null>;
  /** The entries of a directory of a tree; null when there is no directory. The empty path is the top. */
  children(tree: string, directory: string): Promise<TreeRows | null>;
  /** All files, links and submodules at or below a path. */
  files(tree: string, path: string): Promise<readonly FlatEntry[]>;
}

/** Parsed trees kept at once; those of a change are a few dozen. */
const maxKept = 4096;
const idBytes = { sha1: 20, sha256: 32 } as const;

/** Rows of a tree object: `<mode> <name>\0<id as bytes>`. Throws RunError `repository-unsafe` for a name that is not UTF-8. */
function parseRows(bytes: Buffer, format: ObjectFormat): TreeRows {
  const rows = new Map<string, TreeRow>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const name = bytes.toString('utf8', space + 1, end);
    if (name.includes('\uFFFD')) throw new RunError('repository-unsafe', { detail: `the name ${name} is not UTF-8` });
    const idEnd = end + 1 + idBytes[format];
    rows.set(name, { mode: bytes.toString('latin1', at, space), id: bytes.toString('hex', end + 1, idEnd) });
    at = idEnd;
  }
  return rows;
}

/** Methods throw RunError `repository-incomplete` for an object that is not there. */
export function createTreeIndex(read: (id: string) => Promise<GitObject>, format: ObjectFormat): TreeIndex {
  const kept = new Map<string, Promise<TreeRows>>();
  const rows = (tree: string): Promise<TreeRows> => {
    const found = kept.get(tree) ?? read(tree).then(({ bytes }) => parseRows(bytes, format));
    kept.set(tree, found);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return found;
  };
  const entry = async (tree: string, path: string): Promise<TreeRow | null> => {
    let at: TreeRow = { mode: '40000', id: tree };
    for (const name of path.split('/')) {
      if (!isDirectoryMode(at.mode)) return null;
      const next = (await rows(at.id)).get(name);
      if (next === undefined) return null;
      at = next;
    }
    return at;
  };
  const below = async ({ mode, id }: TreeRow, path: string): Promise<readonly FlatEntry[]> => {
    if (!isDirectoryMode(mode)) return [{ path, mode, id }];
    const found = [...(await rows(id))].map(([name, row]) => below(row, path === '' ? name : `${path}/${name}`));
    return (await Promise.all(found)).flat();
  };
  return {
    rows,
    entry,
    children: async (tree, directory) => {
      if (directory === '') return rows(tree);
      const row = await entry(tree, directory);
      return row !== null && isDirectoryMode(row.mode) ? rows(row.id) : null;
    },
    files: async (tree, path) => {
      const row = path === '' ? { mode: '40000', id: tree } : await entry(tree, path);
      return row === null ? [] : below(row, path);
    },
  };
}
