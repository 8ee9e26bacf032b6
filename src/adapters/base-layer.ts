// The lowest layer: the base commit, written out once with its dependencies, and never written again.
import { branchName, type TreeMakerOptions } from './tree-maker.ts';
import { createTree, type Adopting, type OpenTree } from './tree.ts';
import type { TreeRoom, TreeRoomSpec } from './tree-room.ts';

/** Layers that are only read any more, topmost first, and the git tree that they show. */
export interface Layers {
  readonly directories: readonly string[];
  readonly tree: string;
}

export interface BaseLayer extends Layers {
  readonly commit: string;
}

/** A tree that is a folder of its own. */
export function treeIn(store: TreeMakerOptions['store'], room: TreeRoom, name: string): OpenTree & Adopting {
  const { client, commands, objects: objectPaths, producedPath } = room;
  return createTree({ store, client, commands, objectPaths, producedPath, branch: branchName(name) });
}

/** Writes the base commit out; `fill` adds to it. What `fill` did to files of the commit is undone. */
export async function makeBaseLayer(
  { rooms, store }: Pick<TreeMakerOptions, 'rooms' | 'store'>,
  commit: string,
  spec: Pick<TreeRoomSpec, 'kind' | 'produced'>,
  fill: (tree: OpenTree) => Promise<unknown>,
): Promise<BaseLayer> {
  const room = await rooms.open({ ...spec, name: 'base', below: null });
  try {
    const tree = treeIn(store, room, 'base');
    await tree.reset(commit);
    await fill(tree);
    await tree.reset(commit);
    await tree.refresh();
    return { directories: [room.place.root], tree: await store.treeOf(commit), commit };
  } finally {
    await room.stop();
  }
}
