// A git tree with a few entries changed: only the trees on the way to them are made again.
import type { TreeIndex } from './git-tree-index.ts';
import { encodeTree, isDirectoryMode, type TreeRow } from './git-tree-objects.ts';
import { objectId, type NewObject, type ObjectFormat } from './git-pack.ts';

/** By path: what is to be there; null for nothing, with all that lies below it. */
export type TreeChanges = ReadonlyMap<string, TreeRow | null>;

export interface ChangedTree {
  readonly tree: string;
  /** Trees that the store may not have yet. */
  readonly objects: readonly NewObject[];
}

interface Node {
  /** Undefined: as it was. */
  entry: TreeRow | null | undefined;
  readonly children: Map<string, Node>;
}

const emptyNode = (): Node => ({ entry: undefined, children: new Map() });

function nest(changes: TreeChanges): Node {
  const top = emptyNode();
  for (const [path, entry] of changes) {
    let at = top;
    for (const name of path.split('/')) {
      const next = at.children.get(name) ?? emptyNode();
      at.children.set(name, next);
      at = next;
    }
    at.entry = entry;
  }
  return top;
}

/** A change below a path counts after a change of the path itself; directories that become empty are gone, as git has none. */
export async function changeTree(
  tree: string,
  changes: TreeChanges,
  { index, format }: { readonly index: Pick<TreeIndex, 'rows'>; readonly format: ObjectFormat },
): Promise<ChangedTree> {
  const objects: NewObject[] = [];
  const rebuild = async (before: string | null, { children }: Node, isTop: boolean): Promise<string | null> => {
    const rows = new Map(before === null ? [] : await index.rows(before));
    for (const [name, child] of children) {
      if (child.entry === null) rows.delete(name);
      else if (child.entry !== undefined) rows.set(name, child.entry);
      if (child.children.size === 0) continue;
      const there = rows.get(name);
      const made = await rebuild(there !== undefined && isDirectoryMode(there.mode) ? there.id : null, child, false);
      if (made !== null) rows.set(name, { mode: '40000', id: made });
      // A file that took the place of a directory stays when what lay in that is said to be gone.
      else if (there === undefined || isDirectoryMode(there.mode)) rows.delete(name);
    }
    if (rows.size === 0 && !isTop) return null;
    const bytes = encodeTree(rows);
    const id = objectId('tree', bytes, format);
    if (id !== before) objects.push({ type: 'tree', bytes });
    return id;
  };
  return { tree: (await rebuild(tree, nest(changes), true)) ?? tree, objects };
}
