// The trees of a run, with the sandbox and the network that its configuration asks for.
import { join } from 'node:path';
import type { GitStore } from './adapters/git-store.ts';
import { createRunNetwork } from './adapters/run-network.ts';
import { openSandbox } from './adapters/sandbox/open-sandbox.ts';
import { makeShimFolder } from './adapters/shim-folder.ts';
import { appendTextLine } from './adapters/text-files.ts';
import { createTrees } from './adapters/trees.ts';
import { makePipesIn } from './sandbox/output-pipe.ts';
import type { Config } from './config/config.ts';
import type { Trees } from './ports.ts';
import type { StartInput } from './start-input.ts';

/** So that no agent spends turns on finding it out. */
export const networkFact = (network: Config['sandbox']['network']): string =>
  network === 'none' || network === 'setup'
    ? 'commands have no network'
    : 'commands reach package registries only (a read-only mirror)';

/** The sandbox is tried out beside the first requests to GitHub; it is awaited before the first one to the model. */
export function openTrees(input: StartInput, store: GitStore, clean: (text: string) => string): Trees {
  const { config, scratchDir, projectDir, runDir, toolhostPath, mirrorPath, env, maySudo } = input;
  const directory = join(scratchDir, 'sandbox');
  makePipesIn(scratchDir);
  const { backend: choice, network, readOnlyPaths, memoryBytes } = config.sandbox;
  const open = async () => {
    const shims = makeShimFolder(directory);
    return openSandbox({ choice, network, directory, toolhostPath, shims, env, readOnlyPaths, maySudo });
  };
  const sandbox = open();
  const requests = join(runDir, 'logs', 'network.log');
  return createTrees({
    store,
    checkout: projectDir,
    sandbox,
    network: createRunNetwork({
      ...{ config: config.sandbox, mirrorPath, env, directory: join(scratchDir, 'net') },
      onRequest: (line) => appendTextLine(requests, clean(line)),
    }),
    directory: join(scratchDir, 'trees'),
    env,
    extraNames: config.environment,
    ...(memoryBytes === null ? {} : { memoryBytes }),
  });
}
