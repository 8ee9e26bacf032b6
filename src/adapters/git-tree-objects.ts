// Makes git's tree objects out of a flat list of files.
import type { TreeEntry } from '../ports.ts';
import { objectId, type ObjectFormat } from './git-pack.ts';

export type FlatEntry = Pick<TreeEntry, 'path' | 'mode' | 'id'>;

/** One entry of a tree object. `mode` as git writes it: 40000 for a directory. */
export interface TreeRow {
  readonly mode: string;
  readonly id: string;
}

export type TreeRows = ReadonlyMap<string, TreeRow>;

export const isDirectoryMode = (mode: string): boolean => mode === '40000' || mode === '040000';

export interface BuiltTrees {
  /** Id of the top tree. */
  readonly root: string;
  /** Every tree by id, the top one included. */
  readonly trees: ReadonlyMap<string, Buffer>;
}

interface Directory {
  readonly files: Map<string, FlatEntry>;
  readonly directories: Map<string, Directory>;
}

const emptyDirectory = (): Directory => ({ files: new Map(), directories: new Map() });

function nest(entries: Iterable<FlatEntry>): Directory {
  const top = emptyDirectory();
  for (const entry of entries) {
    const names = entry.path.split('/');
    const name = names.pop() ?? '';
    let at = top;
    for (const part of names) {
      const next = at.directories.get(part) ?? emptyDirectory();
      at.directories.set(part, next);
      at = next;
    }
    at.files.set(name, entry);
  }
  return top;
}

/** Git's order: by bytes, with a directory's name taken as if it ended in a slash. */
const sortKey = (name: string, isDirectory: boolean): Buffer => Buffer.from(isDirectory ? `${name}/` : name);

/** The bytes of a tree object with these entries. */
export function encodeTree(rows: TreeRows): Buffer {
  const sorted = [...rows].map(([name, row]) => ({ name, ...row, key: sortKey(name, isDirectoryMode(row.mode)) }));
  sorted.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ mode, name, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
  );
}

/**
 * The trees that hold exactly these entries. Modes are kept as they are (git drops a leading zero). Throws when a path
 * is both a file and a directory.
 */
export function buildTrees(entries: Iterable<FlatEntry>, format: ObjectFormat): BuiltTrees {
  const trees = new Map<string, Buffer>();
  const write = (directory: Directory, at: string): string => {
    const rows = new Map<string, TreeRow>(directory.files);
    for (const [name, child] of directory.directories) {
      if (directory.files.has(name)) throw new Error(`${at}${name} is both a file and a directory`);
      rows.set(name, { mode: '40000', id: write(child, `${at}${name}/`) });
    }
    const bytes = encodeTree(rows);
    const id = objectId('tree', bytes, format);
    trees.set(id, bytes);
    return id;
  };
  return { root: write(nest(entries), ''), trees };
}
