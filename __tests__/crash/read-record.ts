// What a run has left of itself in the repository behind GitHub.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stateBranch } from '../../src/branch-names.ts';
import { parseStateRecord, stateFile, type StateRecord } from '../../src/state/state-record.ts';

const branch = `refs/heads/${stateBranch('ai', 'issue-1')}`;

/** The record of the demo's issue; null when there is none. @param bare the repository */
export async function readRecord(bare: string): Promise<StateRecord | null> {
  const show = promisify(execFile)('git', ['-C', bare, 'show', `${branch}:${stateFile}`], { maxBuffer: 1 << 26 });
  return show.then(
    ({ stdout }) => parseStateRecord(stdout),
    () => null,
  );
}

/** A function that gives the record; for those who ask often, as it starts git only when the branch has moved. */
export function followRecord(bare: string): () => Promise<StateRecord | null> {
  let [seen, record] = ['', Promise.resolve<StateRecord | null>(null)];
  return async () => {
    const head = await readFile(join(bare, branch), 'utf8').catch(() => '');
    if (head !== seen) [seen, record] = [head, readRecord(bare)];
    return record;
  };
}
