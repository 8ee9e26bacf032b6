// Real trees on a real repository, for tests of agents and tasks.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrees } from '../../src/adapters/trees.ts';
import type { Tree, Trees } from '../../src/ports.ts';
import { openTestSandbox } from './test-sandbox.ts';
import { bundleToolhost, makeBed, type Bed, type Files } from '../adapters/git-bed.ts';

export interface TreeBed extends Bed {
  readonly trees: Trees;
}

export interface BuiltToolhost {
  readonly path: string;
  remove(): Promise<void>;
}

/** Bundles the toolhost into a directory of its own. */
export async function buildToolhost(): Promise<BuiltToolhost> {
  const directory = await mkdtemp(join(tmpdir(), 'toolhost-'));
  const path = await bundleToolhost(directory);
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** A repository with these files, its private store, and trees on it. */
export async function startTreeBed(files: Files, toolhostPath: string): Promise<TreeBed> {
  const bed = await makeBed(files);
  const directory = join(bed.directory, 'trees');
  const sandbox = openTestSandbox({ directory: bed.directory, toolhostPath });
  const trees = createTrees({ store: bed.store, sandbox, directory, env: { PATH: process.env['PATH'] } });
  const close = async (): Promise<void> => {
    await trees.close();
    await bed.close();
  };
  return { ...bed, trees, close };
}

/** What a command prints in a tree. */
export const sh = async (tree: Tree, command: string): Promise<string> =>
  (await tree.run({ command, timeoutMs: 20_000 })).output;
