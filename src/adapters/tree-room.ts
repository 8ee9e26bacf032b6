// Where a tree lives: a place on the disk, a room in the sandbox, and a toolhost in it.
import { totalmem } from 'node:os';
import type { Sandbox, TreeSource } from '../sandbox/box/sandbox.ts';
import { toolEnvironment } from '../sandbox/tool-environment.ts';
import type { GitStore } from './git-store.ts';
import { createRoomCommands, type RoomCommands } from './room-commands.ts';
import { noNetwork, type RunNetwork } from './run-network.ts';
import { lazyToolhost, type ToolhostClient } from './toolhost-client.ts';
import { makeTreePlace, type TreePlace } from './tree-place.ts';

export interface TreesOptions {
  readonly store: GitStore;
  /** Root of the user's checkout; only installed dependencies are ever taken from it, and none without it. */
  readonly checkout?: string;
  /** Opened and tried by now, or soon; rejects where there is none. */
  readonly sandbox: Promise<Sandbox>;
  /** What commands reach. Default: nothing. */
  readonly network?: RunNetwork;
  /** Made with mode 0700; everything in it is removed at the end. Must lie outside the workspace. */
  readonly directory: string;
  /** The broker's environment, from which only the allow-list is taken. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further names of it that the configuration passes on to tools. */
  readonly extraNames?: readonly string[];
  /** Most memory of one command, in bytes. Default: half of the machine's. */
  readonly memoryBytes?: number;
  /** How trees come about. Default: the best that the machine can do. */
  readonly treeKind?: 'overlay' | 'reflink' | 'copies';
}

export interface TreeRoomSpec {
  /** For people (`TASK-001`). */
  readonly name: string;
  readonly kind: 'setup' | 'task';
  /** The layers below, topmost first; null for a folder of its own. */
  readonly below: readonly string[] | null;
  /** What it may copy from: below this root, these paths. */
  readonly produced: { readonly root: string; readonly paths: readonly string[] } | null;
}

export interface TreeRoom {
  readonly place: TreePlace;
  /** Starts at its first request. */
  readonly client: ToolhostClient;
  readonly commands: RoomCommands;
  /** Where the store's objects are inside. */
  readonly objects: readonly string[];
  /** Where `produced` is inside. */
  readonly producedPath: string;
  /** Ends the processes; the files stay. */
  stop(): Promise<void>;
}

export interface TreeRooms {
  open(spec: TreeRoomSpec): Promise<TreeRoom>;
  /** Ends all that still run; none can be opened then. */
  stopAll(): Promise<void>;
}

/** What commands must leave free on the disk, for the rest of the machine. */
const leastFreeBytes = 1024 * 1024 * 1024;

export function createTreeRooms(options: TreesOptions): TreeRooms {
  const { store, extraNames = [], memoryBytes = totalmem() / 2, network = noNetwork } = options;
  const running = new Set<() => Promise<void>>();
  let count = 0;
  let stopped = false;

  const open: TreeRooms['open'] = async ({ name, kind, below, produced }) => {
    const [sandbox, place] = await Promise.all([options.sandbox, makeTreePlace(options.directory, ++count)]);
    const { root, upper, work, home, temporary, logs } = place;
    await sandbox.own([root, upper, work, home, temporary, logs]);
    if (stopped) throw new Error('the trees are closed');
    const reached = await network.open(kind);
    const tree: TreeSource = below === null ? { kind: 'folder', path: root } : { kind: 'overlay', below, upper, work };
    const seen = { objects: store.objectPaths, network: reached?.folder ?? null, produced };
    const room = await sandbox.open({ ...{ tree, home, temporary, logs }, ...seen });
    const source = { ...options.env, ...sandbox.env };
    const env = toolEnvironment({ ...room.paths, source, extraNames, lastOnPath: room.shims });
    const commands = createRoomCommands(room, {
      ...{ env: { ...sandbox.env, ...env }, limits: { memoryBytes, disk: place.directory, leastFreeBytes } },
      network: reached === null ? null : { folder: room.paths.network, hosts: reached.hosts },
    });
    const client = lazyToolhost({ name, room, env, commands });
    const stop = async (): Promise<void> => {
      await Promise.all([commands.close(), client.close()]);
      await room.close();
      running.delete(stop);
    };
    running.add(stop);
    return { place, client, commands, objects: room.objects, producedPath: room.paths.produced, stop };
  };
  return {
    open,
    stopAll: async () => {
      stopped = true;
      await Promise.all([...running].map((stop) => stop()));
    },
  };
}
