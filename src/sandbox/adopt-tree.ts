// Takes over a whole tree that was written out before: a copy that shares its blocks on the disk.
import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { readIgnoreRules, record } from './materialise.ts';
import type { Request } from './protocol.ts';
import { writeThrowawayRepository } from './throwaway-repository.ts';
import type { TreeState } from './tree-state.ts';

const copyFlags = process.platform === 'darwin' ? ['-cRp'] : ['-a', '--reflink=always'];

/** The tree must be empty; rejects where blocks cannot be shared. */
export async function adoptTree(
  state: TreeState,
  { from, objectFormat, entries, repository }: Extract<Request, { kind: 'adopt' }>,
): Promise<void> {
  await promisify(execFile)('cp', [...copyFlags, '--', `${from}/.`, state.root], { cwd: state.root });
  state.objectFormat = objectFormat;
  for (const entry of entries) record(state, entry);
  state.ignoreRules = readIgnoreRules(state);
  if (repository !== null) await writeThrowawayRepository(state.root, repository, objectFormat);
}
