// One agent's tree that is an overlay, seen from the broker: what lies below is known by its git tree, and only the upper layer is
// read back. Everything here costs as much as the changes, whatever the size of the repository.
import { RunError } from '../errors.ts';
import type { SavedTree } from '../ports.ts';
import { refusedPath } from '../sandbox/look-alikes.ts';
import { missingBlobsSchema, nothingSchema, type RepositoryRequest } from '../sandbox/protocol.ts';
import { differences } from './git-tree-differences.ts';
import { isDirectoryMode, type TreeRow } from './git-tree-objects.ts';
import { readLayerChanges, type LayerChanges } from './layer-changes.ts';
import { commonTree, sendBlobs, type OpenTree, type TreeOptions } from './tree.ts';

export interface LayeredTreeOptions extends TreeOptions {
  /** Git tree of the layers below. */
  readonly below: string;
  /** Paths at which they may show something else than it has: the first `reset` sees to each. */
  readonly disputed: ReadonlySet<string>;
  /** Commit that the repository in the lowest layer is at. */
  readonly baseCommit: string;
  /** The .gitignore files of a commit or tree. */
  readonly ignoreFiles: (treeish: string) => Promise<readonly { readonly path: string; readonly text: string }[]>;
}

/** A tree whose upper layer is empty; `reset` makes it that of a commit. */
export function createLayeredTree(options: LayeredTreeOptions): OpenTree {
  const { store, client, below, disputed, baseCommit, ignoreFiles } = options;
  let isNew = true;
  /** Contents that came from the toolhost, which sends them once, and are not in the store yet. */
  let unsaved: Uint8Array[] = [];
  const layer: LayerChanges = readLayerChanges(options);

  const save = async (): Promise<SavedTree> => {
    const { changes, blobs, refused } = await layer.read();
    unsaved.push(...blobs);
    const tree = await store.changeTree(below, changes, unsaved);
    unsaved = [];
    return { tree, refused };
  };
  const repositoryFor = async (treeish: string): Promise<RepositoryRequest | null> => {
    const { type } = await store.readObject(treeish);
    if (type !== 'commit') return null;
    const renew = isNew ? (treeish === baseCommit ? 'branch' : 'index') : 'whole';
    const { branch, objectPaths } = options;
    return { objectPaths: [...objectPaths], shallow: store.shallow, commit: treeish, branch, renew };
  };
  const fileIn = async (tree: string, path: string): Promise<TreeRow | null> => {
    const row = await store.index.entry(tree, path);
    return row === null || isDirectoryMode(row.mode) ? null : row;
  };
  /** What to do to a tree of these files to make it the wanted one. What was refused is junk, and goes. */
  const planFor = async ({ tree, refused }: SavedTree, wanted: string) => {
    const changes = await differences(store.index, tree, wanted);
    for (const path of isNew ? disputed : []) changes.set(path, await fileIn(wanted, path));
    for (const { path } of refused) {
      changes.set(path, null);
      for (const { path: file, ...row } of await store.index.files(wanted, path)) changes.set(file, row);
    }
    const rows = [...changes];
    return {
      remove: rows.flatMap(([path, row]) => (row === null ? [path] : [])),
      write: rows.flatMap(([path, row]) => (row === null ? [] : [{ path, ...row }])),
    };
  };
  const reset = async (treeish: string): Promise<void> => {
    const wanted = await store.treeOf(treeish);
    const now = isNew ? { tree: below, refused: [] } : await save();
    const { remove, write } = await planFor(now, wanted);
    assertWritable(write);
    const rules = isNew || write.some(isIgnoreFile) || remove.some((path) => isIgnoreFile({ path }));
    const message = {
      ...({ kind: 'layer', objectFormat: store.objectFormat, remove, write } as const),
      ignoreFiles: rules ? [...(await ignoreFiles(treeish))] : null,
      repository: await repositoryFor(treeish),
    };
    const { missing } = await client.request(message, missingBlobsSchema);
    await sendBlobs(options, missing);
    await client.request({ kind: 'settle' }, nothingSchema);
    layer.wrote(write);
    isNew = false;
  };
  return { ...commonTree(options), reset, save };
}

const isIgnoreFile = ({ path }: { readonly path: string }): boolean =>
  path === '.gitignore' || path.endsWith('/.gitignore');

function assertWritable(entries: readonly ({ readonly path: string } & TreeRow)[]): void {
  for (const { path } of entries) {
    const reason = refusedPath(path);
    if (reason !== null) throw new RunError('repository-unsafe', { detail: `${path}: ${reason}` });
  }
}
