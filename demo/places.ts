// Where the demo finds its parts, and where it leaves what came of it.
import { mkdir, mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Parts of the repository, found from the bundle in dist/. */
export const parts = {
  /** Holds action.yml. */
  action: join(__dirname, '..'),
  sample: join(__dirname, '../demo/sample'),
  written: join(__dirname, '../demo/written'),
} as const;

export interface Kept {
  readonly root: string;
  /** The bare repository, as GitHub had it. */
  readonly repository: string;
  /** A working copy of the result. */
  readonly result: string;
  /** The checkout that the action worked on. */
  readonly checkout: string;
  /** RUNNER_TEMP of the action: journal, report and logs are below it. */
  readonly runner: string;
}

/** Makes the directory. Returns null for one that is there and not empty. */
export async function makeKept(wanted: string | null): Promise<Kept | null> {
  if (wanted !== null) await mkdir(wanted, { recursive: true });
  const root = await realpath(wanted === null ? await mkdtemp(join(tmpdir(), 'ai-implement-demo-')) : resolve(wanted));
  if ((await readdir(root)).length > 0) return null;
  const kept = {
    root,
    repository: join(root, 'notes.git'),
    result: join(root, 'result'),
    checkout: join(root, 'checkout'),
    runner: join(root, 'runner'),
  };
  await mkdir(kept.runner);
  return kept;
}
