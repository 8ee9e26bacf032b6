// A tree that is an overlay from its opening to what it leaves: its upper layer, for the trees that go on from its work.
import { join } from 'node:path';
import type { BaseLayer, Layers } from './base-layer.ts';
import { createLayeredTree } from './layered-tree.ts';
import type { OpenTree } from './tree.ts';
import { maxLayers, type Stack } from './stack-layers.ts';
import { branchName, type MadeTree, type TreeMakerOptions } from './tree-maker.ts';
import { removeFilled, removeTreePlace } from './tree-place.ts';
import type { TreeRoom } from './tree-room.ts';

/** A toolhost takes a moment to start, and the first command or model reply comes first. */
const settleMs = 250;

export interface OverlayTreeDeps extends Pick<TreeMakerOptions, 'rooms' | 'store'> {
  readonly base: BaseLayer;
  readonly below: Stack;
  /** What it left, once it is closed. */
  readonly onLeft: (layers: Layers) => void;
}

/** Opens a tree on a commit. Where the layers below show that commit already, commands may run at once. */
export async function openOverlayTree(name: string, commit: string, deps: OverlayTreeDeps): Promise<MadeTree> {
  const { rooms, store, base, below } = deps;
  const room = await rooms.open({ name, kind: 'task', below: below.directories, produced: null });
  const { client, commands, objects: objectPaths, producedPath } = room;
  const tree = createLayeredTree({
    ...{ store, client, commands, objectPaths, producedPath, branch: branchName(name) },
    ...{ below: below.tree, disputed: below.disputed, baseCommit: base.commit },
    ignoreFiles: (treeish) => ignoreFilesOf(store, treeish),
  });
  let begun: Promise<void> | null = null;
  const begin = (): Promise<void> => (begun ??= tree.reset(commit));
  const timer = setTimeout(() => void begin().catch(() => undefined), settleMs);
  timer.unref();
  let isSaved = false;
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    const last = isSaved ? await tree.save().catch(() => null) : null;
    await room.stop();
    const isKept = last !== null && last.refused.length === 0 && below.directories.length < maxLayers;
    if (isKept) deps.onLeft({ directories: [await leftLayer(room), ...below.directories], tree: last.tree });
    await removeTreePlace(room.place.directory, isKept ? room.place.upper : null);
  };
  if (below.disputed.size > 0 || below.tree !== (await store.treeOf(commit))) {
    await begin().catch(async (error: unknown) => {
      await close();
      throw error;
    });
  }
  return { tree: begunFirst(tree, begin, () => (isSaved = true)), close };
}

/** The next tree gets the base's repository, not what this agent made of its own. */
async function leftLayer({ place }: TreeRoom): Promise<string> {
  await removeFilled([join(place.upper, '.git')]);
  return place.upper;
}

/** Whatever needs the tool process waits until it knows the tree; a command does not. */
function begunFirst(tree: OpenTree, begin: () => Promise<void>, onSave: () => void): MadeTree['tree'] {
  return {
    ...tree,
    call: async (...given) => {
      await begin();
      return tree.call(...given);
    },
    save: async () => {
      await begin();
      onSave();
      return tree.save();
    },
    reset: async (treeish) => {
      await begin();
      await tree.reset(treeish);
    },
  };
}

async function ignoreFilesOf(store: TreeMakerOptions['store'], treeish: string) {
  const files = (await store.listFiles(treeish)).filter(
    ({ path, mode }) => /(^|\/)\.gitignore$/.test(path) && mode.startsWith('100'),
  );
  return Promise.all(
    files.map(async ({ path, id }) => ({ path, text: Buffer.from(await store.readBlob(id)).toString() })),
  );
}
