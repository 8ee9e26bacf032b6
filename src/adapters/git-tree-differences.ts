// What has to change to make one git tree another: found by going down only where their ids differ.
import type { TreeIndex } from './git-tree-index.ts';
import { isDirectoryMode, type TreeRow } from './git-tree-objects.ts';

const none: ReadonlyMap<string, TreeRow> = new Map();

/** By path: what `to` has there and `from` has not; null for what only `from` has. Files, links and submodules. */
export async function differences(
  index: Pick<TreeIndex, 'rows'>,
  from: string,
  to: string,
): Promise<Map<string, TreeRow | null>> {
  const found = new Map<string, TreeRow | null>();
  const rowsOf = async (row: TreeRow | undefined): Promise<ReadonlyMap<string, TreeRow>> =>
    row !== undefined && isDirectoryMode(row.mode) ? index.rows(row.id) : none;
  const compare = async (one: TreeRow | undefined, other: TreeRow | undefined, path: string): Promise<void> => {
    if (one?.id === other?.id && one?.mode === other?.mode) return;
    if (one !== undefined && !isDirectoryMode(one.mode)) found.set(path, null);
    if (other !== undefined && !isDirectoryMode(other.mode)) found.set(path, other);
    const [before, after] = await Promise.all([rowsOf(one), rowsOf(other)]);
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      await compare(before.get(name), after.get(name), path === '' ? name : `${path}/${name}`);
    }
  };
  await compare({ mode: '40000', id: from }, { mode: '40000', id: to }, '');
  return found;
}
