// Trees on layers: the base commit is written out once, with its dependencies, and never again. Each tree is an overlay on it, or a
// copy that shares its blocks. A tree on a commit that an agent's work is part of starts from the layer that this agent left.
import { join } from 'node:path';
import type { CommandResult } from '../ports.ts';
import { installedDependencies } from './installed-dependencies.ts';
import { createLayeredTree } from './layered-tree.ts';
import { createTree, type OpenTree } from './tree.ts';
import { branchName, type MadeTree, type TreeMaker, type TreeMakerOptions } from './tree-maker.ts';
import { removeFilled, removeTreePlace } from './tree-place.ts';
import type { TreeRoom, TreeRoomSpec } from './tree-room.ts';

/** Layers that are only read any more, topmost first, and the git tree that they show. */
interface Layers {
  readonly directories: readonly string[];
  readonly tree: string;
}

interface Base extends Layers {
  readonly commit: string;
}

/** Layers on each other; from there on the work of an earlier agent is written out again instead. */
const maxLayers = 16;
/** A toolhost takes a moment to start, and the first command or model reply comes first. */
const settleMs = 250;

export function createLayeredTrees(options: TreeMakerOptions & { readonly kind: 'overlay' | 'reflink' }): TreeMaker {
  const { rooms, store, checkout, network, kind } = options;
  let base: Promise<Base> | null = null;
  /** By git tree: what agents have left. */
  const left = new Map<string, Layers>();

  const treeIn = ({ client, commands, objects, producedPath }: TreeRoom, name: string) =>
    createTree({ store, client, commands, objectPaths: objects, producedPath, branch: branchName(name) });

  /** Writes the base commit out; `fill` adds to it. What `fill` did to files of the commit is undone. */
  const makeBase = async (
    commit: string,
    spec: Pick<TreeRoomSpec, 'kind' | 'produced'>,
    fill: (tree: OpenTree) => Promise<unknown>,
  ): Promise<Base> => {
    const room = await rooms.open({ ...spec, name: 'base', below: null });
    try {
      const tree = treeIn(room, 'base');
      await tree.reset(commit);
      await fill(tree);
      await tree.reset(commit);
      await tree.refresh();
      return { directories: [room.place.root], tree: await store.treeOf(commit), commit };
    } finally {
      await room.stop();
    }
  };
  const ensureBase = (commit: string): Promise<Base> => {
    base ??= makeBase(commit, { kind: 'task', produced: null }, () => Promise.resolve());
    // Another commit may be one that can be written out.
    base.catch(() => (base = null));
    return base;
  };

  /** The newest layers that a commit's history knows; the base's where it knows none. */
  const layersBelow = async (commit: string, on: Base): Promise<Layers> => {
    if (left.size === 0 || commit === on.commit) return on;
    const known = (await store.treesBetween(on.commit, commit)).map((tree) => left.get(tree));
    return known.find((layers) => layers !== undefined) ?? on;
  };

  const openOverlay = async (name: string, commit: string, on: Base): Promise<MadeTree> => {
    const below = await layersBelow(commit, on);
    const room = await rooms.open({ name, kind: 'task', below: below.directories, produced: null });
    const { client, commands, objects, producedPath } = room;
    const common = { store, client, commands, objectPaths: objects, producedPath, branch: branchName(name) };
    const tree = createLayeredTree({ ...common, below: below.tree, baseCommit: on.commit, ignoreFiles });
    let begun: Promise<void> | null = null;
    const begin = (): Promise<void> => (begun ??= tree.reset(commit));
    let isSaved = false;
    const close = async (): Promise<void> => {
      clearTimeout(timer);
      const last = isSaved ? await tree.save().catch(() => null) : null;
      await room.stop();
      const isKept = last !== null && last.refused.length === 0 && below.directories.length < maxLayers;
      if (isKept) {
        // The next tree gets the base's repository, not what this agent made of its own.
        await removeFilled([join(room.place.upper, '.git')]);
        left.set(last.tree, { directories: [room.place.upper, ...below.directories], tree: last.tree });
      }
      await removeTreePlace(room.place.directory, isKept ? room.place.upper : null);
    };
    const timer = setTimeout(() => void begin().catch(() => undefined), settleMs);
    timer.unref();
    if (below.tree !== (await store.treeOf(commit))) {
      await begin().catch(async (error: unknown) => {
        await close();
        throw error;
      });
    }
    return {
      tree: {
        ...tree,
        call: async (...given) => {
          await begin();
          return tree.call(...given);
        },
        save: async () => {
          await begin();
          isSaved = true;
          return tree.save();
        },
        reset: async (treeish) => {
          await begin();
          await tree.reset(treeish);
        },
      },
      close,
    };
  };

  const ignoreFiles = async (treeish: string) => {
    const files = (await store.listFiles(treeish)).filter(
      ({ path, mode }) => /(^|\/)\.gitignore$/.test(path) && mode.startsWith('100'),
    );
    return Promise.all(
      files.map(async ({ path, id }) => ({ path, text: Buffer.from(await store.readBlob(id)).toString() })),
    );
  };

  const openCopy = async (name: string, commit: string, on: Base): Promise<MadeTree> => {
    const produced = { root: on.directories[0] ?? '', paths: ['.'] };
    const room = await rooms.open({ name, kind: 'task', below: null, produced });
    const tree = treeIn(room, name);
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
  };

  return {
    reuse: async (commit) => {
      const paths = checkout === undefined ? [] : await installedDependencies(checkout, commit, store);
      if (checkout === undefined || paths.length === 0) return false;
      const produced = { root: checkout, paths };
      base = makeBase(commit, { kind: 'task', produced }, (tree) => tree.takeProduced(paths, 'copy'));
      base.catch(() => undefined); // Told by whoever opens a tree.
      return true;
    },
    setup: async (commit, command, timeoutMs) => {
      let result: CommandResult | null = null;
      base = makeBase(commit, { kind: 'setup', produced: null }, async (tree) => {
        result = await tree.run({ command, timeoutMs }).finally(() => network?.endSetup());
      });
      await base;
      if (result === null) throw new Error('the set-up did not run');
      return result;
    },
    open: async (name, commit) => {
      const on = await ensureBase(commit);
      return kind === 'overlay' ? openOverlay(name, commit, on) : openCopy(name, commit, on);
    },
  };
}
