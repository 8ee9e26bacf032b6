// The `Trees` port: plain directories outside the workspace, each with a process of its own.
import { RunError } from '../errors.ts';
import type { CommandResult, CommandSpec, Trees } from '../ports.ts';
import { mayPassToTools, toolEnvironment } from '../sandbox/tool-environment.ts';
import type { GitStore } from './git-store.ts';
import { startToolhost, type ToolhostClient } from './toolhost-client.ts';
import { installedDependencies } from './installed-dependencies.ts';
import { makeShimFolder } from './shim-folder.ts';
import { createTree, type OpenTree } from './tree.ts';
import { makeTreePlace, removeTreePlace, type TreePlace } from './tree-place.ts';

export interface TreesOptions {
  readonly store: GitStore;
  /** Root of the user's checkout; only installed dependencies are ever taken from it, and none without it. */
  readonly checkout?: string;
  /** The bundled dist/toolhost.cjs. */
  readonly toolhostPath: string;
  /** Made with mode 0700; everything in it is removed at the end. Must lie outside the workspace. */
  readonly directory: string;
  /** The broker's environment, from which only the allow-list is taken. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further names of it that the configuration passes on to tools. */
  readonly extraNames?: readonly string[];
}

interface Started {
  readonly tree: OpenTree;
  readonly place: TreePlace;
  /** Ends the processes; the files stay. */
  readonly stop: () => Promise<void>;
}

/** What the setup command left, and where. */
interface Produced {
  readonly root: string;
  readonly paths: readonly string[];
}

const branchName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'tree';

/** Starts trees one after the other, and can stop all that still run. */
function createStarter(options: TreesOptions): {
  start(name: string, commit: string): Promise<Started>;
  stopAll(): Promise<void>;
} {
  const { store, toolhostPath, extraNames = [] } = options;
  const running = new Set<ToolhostClient>();
  let count = 0;
  let stopped = false;
  let shims: Promise<string> | null = null;

  const start = async (name: string, commit: string): Promise<Started> => {
    const place = await makeTreePlace(options.directory, ++count);
    if (stopped) throw new Error('the trees are closed');
    shims ??= makeShimFolder(options.directory);
    const { home, temporary } = place;
    const env = toolEnvironment({ source: options.env, extraNames, home, temporary, lastOnPath: await shims });
    const client = startToolhost({ toolhostPath, name, root: place.root, logDirectory: place.logs, env });
    running.add(client);
    const stop = async (): Promise<void> => {
      await client.close();
      running.delete(client);
    };
    const tree = createTree({ store, client, branch: branchName(name) });
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
    await Promise.all([...running].map((client) => client.close()));
  };
  return { start, stopAll };
}

/** @throws RunError `input-invalid` when an extra name looks like a credential or changes what programs load. */
export function createTrees(options: TreesOptions): Trees {
  const refused = options.extraNames?.find((name) => !mayPassToTools(name));
  if (refused !== undefined) throw new RunError('input-invalid', { problem: `${refused} may not be passed to tools` });
  const { start, stopAll } = createStarter(options);
  let setup: Promise<Produced | null> = Promise.resolve(null);

  const runSetup = async (
    commit: string,
    spec: CommandSpec,
    signal: AbortSignal | undefined,
  ): Promise<[CommandResult, Produced]> => {
    const { tree, place, stop } = await start('setup', commit);
    try {
      const result = await tree.run(spec, signal);
      return [result, { root: place.root, paths: await tree.produced() }];
    } finally {
      // The process goes, the files stay: every later tree copies from them.
      await stop();
    }
  };

  return {
    reuse: async (commit) => {
      const root = options.checkout;
      const paths = root === undefined ? [] : await installedDependencies(root, commit, options.store);
      if (root === undefined || paths.length === 0) return false;
      setup = Promise.resolve({ root, paths });
      return true;
    },
    setup: async (commit, command, timeoutMs, signal) => {
      if (command === null) return null;
      const done = runSetup(commit, { command, timeoutMs }, signal);
      setup = done.then(
        ([, produced]) => produced,
        () => null,
      );
      return (await done)[0];
    },
    open: async (name, commit) => {
      // The files are written while the setup command may still be running.
      const { tree, place, stop } = await start(name, commit);
      const close = async (): Promise<void> => {
        await stop();
        await removeTreePlace(place.directory);
      };
      try {
        const produced = await setup;
        if (produced !== null && produced.paths.length > 0) await tree.copyFrom(produced.root, produced.paths);
      } catch (error) {
        await close();
        throw error;
      }
      const { call, forget, run, save, reset } = tree;
      return { call, forget, run, save, reset, close };
    },
    close: async () => {
      await stopAll();
      await removeTreePlace(options.directory);
    },
  };
}
