// The `Trees` port: directories outside the workspace, each with a room of its own in the run's sandbox.
import { RunError } from '../errors.ts';
import type { CommandResult, Trees } from '../ports.ts';
import { mayPassToTools } from '../sandbox/tool-environment.ts';
import { installedDependencies } from './installed-dependencies.ts';
import { removeTreePlace } from './tree-place.ts';
import { createTreeStarter, type Produced, type TreesOptions, type TreeStarter } from './tree-starter.ts';

interface SetupSpec {
  readonly commit: string;
  readonly command: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Runs the setup command in a tree of its own; `began` is told at once where its files lie. */
async function runSetup(
  { commit, command, timeoutMs, signal }: SetupSpec,
  { start }: TreeStarter,
  began: (made: Produced) => void,
): Promise<CommandResult> {
  const { tree, place, stop } = await start('setup', commit, null, 'setup');
  const done = (async (): Promise<[CommandResult, readonly string[]]> => {
    try {
      return [await tree.run({ command, timeoutMs }, signal), await tree.produced()];
    } finally {
      // The process goes, the files stay: every later tree copies from them.
      await stop();
    }
  })();
  const paths = done.then(
    ([, found]) => found,
    () => [],
  );
  began({ root: place.root, paths, shown: ['.'] });
  return (await done)[0];
}

/** @throws RunError `input-invalid` when an extra name looks like a credential or changes what programs load. */
export function createTrees(options: TreesOptions): Trees {
  const refused = options.extraNames?.find((name) => !mayPassToTools(name));
  if (refused !== undefined) throw new RunError('input-invalid', { problem: `${refused} may not be passed to tools` });
  options.sandbox.catch(() => undefined); // Told by whoever opens a tree.
  const starter = createTreeStarter(options);
  const { start, stopAll } = starter;
  let produced: Promise<Produced | null> = Promise.resolve(null);

  return {
    sandbox: async () => (await options.sandbox).facts,
    quiesce: async () => {
      await stopAll();
      const left = await (await options.sandbox).leftovers();
      if (left.length > 0) throw new RunError('sandbox-leftover', { processes: left.slice(0, 5).join('; ') });
    },
    reuse: async (commit) => {
      const root = options.checkout;
      const paths = root === undefined ? [] : await installedDependencies(root, commit, options.store);
      if (root === undefined || paths.length === 0) return false;
      produced = Promise.resolve({ root, paths: Promise.resolve(paths), shown: paths });
      return true;
    },
    setup: async (commit, command, timeoutMs, signal) => {
      if (command === null) return null;
      let done: Promise<CommandResult> | null = null;
      produced = new Promise((resolve) => {
        const ran = runSetup({ commit, command, timeoutMs, signal }, starter, resolve);
        done = ran.finally(() => options.network?.endSetup());
        done.catch(() => resolve(null));
      });
      return done;
    },
    open: async (name, commit) => {
      const from = await produced;
      // The files are written while the setup command may still be running.
      const { tree, place, stop } = await start(name, commit, from);
      const close = async (): Promise<void> => {
        await stop();
        await removeTreePlace(place.directory);
      };
      try {
        const paths = (await from?.paths) ?? [];
        if (paths.length > 0) await tree.copyProduced(paths);
      } catch (error) {
        await close();
        throw error;
      }
      const { call, forget, run, save, reset } = tree;
      return { call, forget, run, save, reset, close };
    },
    close: async () => {
      await stopAll();
      await options.sandbox.then(
        (sandbox) => sandbox.close(),
        () => undefined,
      );
      await options.network?.close();
      await removeTreePlace(options.directory);
    },
  };
}
