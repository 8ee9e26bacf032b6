// Trees that are folders of their own, written file by file: where the machine has nothing better.
import { treeIn } from './base-layer.ts';
import { installedDependencies } from './installed-dependencies.ts';
import type { MadeTree, TreeMaker, TreeMakerOptions } from './tree-maker.ts';
import { removeTreePlace } from './tree-place.ts';
import type { TreeRoomSpec } from './tree-room.ts';

/** What the setup command left, or the checkout has: where, and which paths below it once they are known. */
interface Produced {
  readonly root: string;
  readonly paths: Promise<readonly string[]>;
  /** What a room is to show of it; the whole where it is a tree of ours. */
  readonly shown: readonly string[];
}

export function createCopiedTrees(options: TreeMakerOptions): TreeMaker {
  const { store, checkout, network, isContained } = options;
  let produced: Promise<Produced | null> = Promise.resolve(null);

  const runSetup: TreeMaker['setup'] = async (commit, spec, signal) => {
    let began: (made: Produced | null) => void = () => undefined;
    produced = new Promise((resolve) => (began = resolve));
    try {
      const { room, tree } = await start(options, { name: 'setup', kind: 'setup' }, commit, null);
      const done = (async () => {
        try {
          return { result: await tree.run(spec, signal), found: await tree.produced() };
        } finally {
          // The process goes, the files stay: every later tree gets them from there.
          await room.stop();
          await network?.endSetup();
        }
      })();
      const paths = done.then(
        ({ found }) => found,
        () => [],
      );
      began({ root: room.place.root, paths, shown: ['.'] });
      return (await done).result;
    } finally {
      began(null);
    }
  };

  return {
    reuse: async (commit) => {
      const paths = checkout === undefined ? [] : await installedDependencies(checkout, commit, store);
      if (checkout === undefined || paths.length === 0) return false;
      produced = Promise.resolve({ root: checkout, paths: Promise.resolve(paths), shown: paths });
      return true;
    },
    setup: runSetup,
    open: async (name, commit): Promise<MadeTree> => {
      const from = await produced;
      // The files are written while the setup command may still be running.
      const { room, tree } = await start(options, { name, kind: 'task' }, commit, from);
      const close = async (): Promise<void> => {
        await room.stop();
        await removeTreePlace(room.place.directory);
      };
      try {
        const paths = (await from?.paths) ?? [];
        // Inside a sandbox what is shown cannot be written to, so that a link does what a copy would cost.
        if (paths.length > 0) await tree.takeProduced(paths, isContained ? 'link' : 'copy');
      } catch (error) {
        await close();
        throw error;
      }
      return { tree, close };
    },
  };
}

/** A tree of its own with the files of a commit. */
async function start(
  { rooms, store }: TreeMakerOptions,
  { name, kind }: Pick<TreeRoomSpec, 'name' | 'kind'>,
  commit: string,
  from: Produced | null,
) {
  const shown = from === null ? null : { root: from.root, paths: from.shown };
  const room = await rooms.open({ name, kind, below: null, produced: shown });
  const tree = treeIn(store, room, name);
  try {
    await tree.reset(commit);
  } catch (error) {
    await room.stop();
    throw error;
  }
  return { room, tree };
}
