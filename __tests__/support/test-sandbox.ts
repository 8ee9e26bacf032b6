// The sandbox that tests of trees run in: the best that the machine has, so that they show what a run sees.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSandbox } from '../../src/adapters/sandbox/open-sandbox.ts';
import { makeShimFolder } from '../../src/adapters/shim-folder.ts';
import type { SandboxConfig } from '../../src/types.ts';
import type { Sandbox } from '../../src/sandbox/box/sandbox.ts';

export interface TestSandboxOptions {
  /** A folder of the test's; the sandbox gets one in it. */
  readonly directory: string;
  readonly toolhostPath: string;
  readonly choice?: SandboxConfig['backend'];
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Rejects with `no-sandbox` where the machine has none of the kind. */
export async function openTestSandbox(options: TestSandboxOptions): Promise<Sandbox> {
  const { toolhostPath, choice = 'auto', env = { PATH: process.env['PATH'], HOME: process.env['HOME'] } } = options;
  const directory = join(options.directory, 'sandbox');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const shims = makeShimFolder(directory);
  return openSandbox({
    choice,
    network: 'none',
    directory,
    toolhostPath,
    shims,
    env,
    readOnlyPaths: [],
    maySudo: false,
  });
}
