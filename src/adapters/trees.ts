// The `Trees` port: agents' files outside the workspace, each tree in a room of its own in the run's sandbox, made in the best way
// that the machine has.
import { RunError } from '../errors.ts';
import type { Trees } from '../ports.ts';
import { mayPassToTools } from '../sandbox/tool-environment.ts';
import { createCopiedTrees } from './copied-trees.ts';
import { createLayeredTrees } from './layered-trees.ts';
import { sharesBlocks } from './shares-blocks.ts';
import type { TreeMaker } from './tree-maker.ts';
import { removeTreePlace } from './tree-place.ts';
import { createTreeRooms, type TreesOptions } from './tree-room.ts';

interface Chosen {
  readonly kind: 'overlay' | 'reflink' | 'copies';
  readonly maker: TreeMaker;
}

/** @throws RunError `input-invalid` when an extra name looks like a credential or changes what programs load. */
export function createTrees(options: TreesOptions): Trees {
  const refused = options.extraNames?.find((name) => !mayPassToTools(name));
  if (refused !== undefined) throw new RunError('input-invalid', { problem: `${refused} may not be passed to tools` });
  const rooms = createTreeRooms(options);
  const chosen = choose(options, rooms);
  chosen.catch(() => undefined); // Told by whoever opens a tree.

  return {
    sandbox: async () => ({ ...(await options.sandbox).facts, trees: (await chosen).kind }),
    quiesce: async () => {
      await rooms.stopAll();
      const left = await (await options.sandbox).leftovers();
      if (left.length > 0) throw new RunError('sandbox-leftover', { processes: left.slice(0, 5).join('; ') });
    },
    reuse: async (commit) => (await chosen).maker.reuse(commit),
    setup: async (commit, command, timeoutMs, signal) =>
      command === null ? null : (await chosen).maker.setup(commit, { command, timeoutMs }, signal),
    open: async (name, commit) => {
      const { tree, close } = await (await chosen).maker.open(name, commit);
      const { call, forget, run, save, reset } = tree;
      return { call, forget, run, save, reset, close };
    },
    close: async () => {
      await rooms.stopAll();
      await options.sandbox.then(
        (sandbox) => sandbox.close(),
        () => undefined,
      );
      await options.network?.close();
      await removeTreePlace(options.directory, null);
    },
  };
}

async function choose(options: TreesOptions, rooms: ReturnType<typeof createTreeRooms>): Promise<Chosen> {
  const sandbox = await options.sandbox;
  const isContained = sandbox.facts.backend !== 'off';
  const makerOptions = { ...options, rooms, isContained };
  const best = sandbox.hasOverlays ? 'overlay' : (await sharesBlocks(options.directory)) ? 'reflink' : 'copies';
  const kind = options.treeKind ?? best;
  if (kind === 'copies') return { kind, maker: createCopiedTrees(makerOptions) };
  return { kind, maker: createLayeredTrees({ ...makerOptions, kind }) };
}
