// Starts trees: a place on the disk, a room in the sandbox, a toolhost in it, and the files of a commit.
import { totalmem } from 'node:os';
import type { Sandbox } from '../sandbox/box/sandbox.ts';
import { toolEnvironment } from '../sandbox/tool-environment.ts';
import type { GitStore } from './git-store.ts';
import { noNetwork, type RunNetwork } from './run-network.ts';
import { createRoomCommands } from './room-commands.ts';
import { startToolhost } from './toolhost-client.ts';
import { createTree, type OpenTree } from './tree.ts';
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
}

export interface StartedTree {
  readonly tree: OpenTree;
  readonly place: TreePlace;
  /** Ends the processes; the files stay. */
  readonly stop: () => Promise<void>;
}

/** What the setup command left, or the checkout has: where, and which paths below it once they are known. */
export interface Produced {
  readonly root: string;
  readonly paths: Promise<readonly string[]>;
  /** What a room is to show of it; the whole where it is a tree of ours. */
  readonly shown: readonly string[];
}

export interface TreeStarter {
  /** `name` is for people; `produced` is what the room shows for copying. */
  start(name: string, commit: string, produced: Produced | null, kind?: 'setup' | 'task'): Promise<StartedTree>;
  /** Ends all that still run; none can be started then. */
  stopAll(): Promise<void>;
}

const branchName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'tree';

/** What commands must leave free on the disk, for the rest of the machine. */
const leastFreeBytes = 1024 * 1024 * 1024;

/** Starts trees one after the other, and can stop all that still run. */
export function createTreeStarter(options: TreesOptions): TreeStarter {
  const { store, extraNames = [], memoryBytes = totalmem() / 2, network = noNetwork } = options;
  const running = new Set<() => Promise<void>>();
  let count = 0;
  let stopped = false;

  const start: TreeStarter['start'] = async (name, commit, produced, kind = 'task') => {
    const [sandbox, place] = await Promise.all([options.sandbox, makeTreePlace(options.directory, ++count)]);
    const { root, home, temporary, logs } = place;
    await sandbox.own([root, home, temporary, logs]);
    if (stopped) throw new Error('the trees are closed');
    const shown = produced === null ? null : { root: produced.root, paths: produced.shown };
    const reached = await network.open(kind);
    const seen = { objects: store.objectPaths, network: reached?.folder ?? null, produced: shown };
    const room = await sandbox.open({ ...place, ...seen });
    const { paths } = room;
    const env = toolEnvironment({
      ...paths,
      source: { ...options.env, ...sandbox.env },
      extraNames,
      lastOnPath: room.shims,
    });
    const limits = { memoryBytes, disk: root, leastFreeBytes };
    const commands = createRoomCommands(room, {
      ...{ env: { ...sandbox.env, ...env }, limits },
      network: reached === null ? null : { folder: paths.network, hosts: reached.hosts },
    });
    const client = startToolhost({ name, room, env, commands });
    const stop = async (): Promise<void> => {
      await Promise.all([commands.close(), client.close()]);
      await room.close();
      running.delete(stop);
    };
    running.add(stop);
    const tree = createTree({
      ...{ store, client, commands, branch: branchName(name) },
      objectPaths: room.objects,
      producedPath: paths.produced,
    });
    try {
      await tree.reset(commit);
    } catch (error) {
      await stop();
      throw error;
    }
    return { tree, place, stop };
  };
  const stopAll = async (): Promise<void> => {
    stopped = true;
    await Promise.all([...running].map((stop) => stop()));
  };
  return { start, stopAll };
}
