// Trees on layers: the base commit is written out once, with its dependencies, and never again. Each tree is an overlay on it, or a
// copy that shares its blocks. A tree on a commit that the work of agents is part of starts from the layers that these left.
import type { CommandResult } from '../ports.ts';
import { makeBaseLayer, treeIn, type BaseLayer, type Layers } from './base-layer.ts';
import { installedDependencies } from './installed-dependencies.ts';
import { openOverlayTree } from './overlay-tree.ts';
import { stackLayers, type Stack } from './stack-layers.ts';
import type { MadeTree, TreeMaker, TreeMakerOptions } from './tree-maker.ts';
import { removeTreePlace } from './tree-place.ts';

export function createLayeredTrees(options: TreeMakerOptions & { readonly kind: 'overlay' | 'reflink' }): TreeMaker {
  const { store, checkout, network, kind } = options;
  let base: Promise<BaseLayer> | null = null;
  /** By git tree: what agents have left. */
  const left = new Map<string, Layers>();

  const ensureBase = (commit: string): Promise<BaseLayer> => {
    base ??= makeBaseLayer(options, commit, { kind: 'task', produced: null }, () => Promise.resolve());
    // Another commit may be one that can be written out.
    base.catch(() => (base = null));
    return base;
  };
  /** The layers of all work that a commit's history knows; the base's where it knows none. */
  const layersBelow = async (commit: string, on: BaseLayer): Promise<Stack> => {
    const trees = left.size === 0 || commit === on.commit ? [] : await store.treesBetween(on.commit, commit);
    const kept = trees.flatMap((tree) => left.get(tree) ?? []);
    return stackLayers(on, kept, await store.treeOf(commit), store.index);
  };

  return {
    reuse: async (commit) => {
      const paths = checkout === undefined ? [] : await installedDependencies(checkout, commit, store);
      if (checkout === undefined || paths.length === 0) return false;
      const produced = { root: checkout, paths };
      base = makeBaseLayer(options, commit, { kind: 'task', produced }, (tree) => tree.takeProduced(paths, 'copy'));
      base.catch(() => undefined); // Told by whoever opens a tree.
      return true;
    },
    setup: async (commit, spec, signal) => {
      let result: CommandResult | null = null;
      base = makeBaseLayer(options, commit, { kind: 'setup', produced: null }, async (tree) => {
        result = await tree.run(spec, signal).finally(() => network?.endSetup());
      });
      await base;
      if (result === null) throw new Error('the set-up did not run');
      return result;
    },
    open: async (name, commit) => {
      const on = await ensureBase(commit);
      if (kind === 'reflink') return openCopy(name, commit, on, options);
      const onLeft = (layers: Layers): void => void left.set(layers.tree, layers);
      return openOverlayTree(name, commit, { ...options, base: on, below: await layersBelow(commit, on), onLeft });
    },
  };
}

async function openCopy(
  name: string,
  commit: string,
  on: BaseLayer,
  { rooms, store }: TreeMakerOptions,
): Promise<MadeTree> {
  const produced = { root: on.directories[0] ?? '', paths: ['.'] };
  const room = await rooms.open({ name, kind: 'task', below: null, produced });
  const tree = treeIn(store, room, name);
  const close = async (): Promise<void> => {
    await room.stop();
    await removeTreePlace(room.place.directory);
  };
  try {
    await tree.adopt(on.commit);
    if (commit !== on.commit) await tree.reset(commit);
  } catch (error) {
    await close();
    throw error;
  }
  return { tree, close };
}
