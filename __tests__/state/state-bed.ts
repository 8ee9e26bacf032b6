// Several machines on one repository: each has a store of its own, and all push to the same bare remote over HTTP.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../../src/adapters/git-source.ts';
import { createGitStore, type GitStore } from '../../src/adapters/git-store.ts';
import { noUsage } from '../../src/money/usage.ts';
import { createBranchFile, type BranchFile } from '../../src/state/branch-file.ts';
import { parseStateRecord, stateFile, type StateRecord } from '../../src/state/state-record.ts';
import type { StateContent } from '../../src/state/state-writer.ts';
import { clock, git, makeRepository, writeFiles } from '../adapters/git-bed.ts';
import { startGitServer, type GitServer } from '../adapters/git-http-bed.ts';

export const branch = 'ai/state/issue-1';

export interface StateBed {
  readonly server: GitServer;
  /** The commit that everything starts from. */
  readonly base: string;
  /** A machine of its own. */
  machine(): GitStore;
  /** The state branch as another machine, or the one given, sees it. */
  file(machine?: GitStore): BranchFile;
  /** The record as it stands on the remote; null when there is none. */
  record(): Promise<StateRecord | null>;
  /** Commits on the state branch that were pushed so far. */
  pushes(): number;
  /** From now on the server refuses every push, with these words. */
  refuse(words: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStateBed(): Promise<StateBed> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'state-bed-')));
  const checkout = join(directory, 'checkout');
  const base = await makeRepository(checkout, { 'a.txt': 'one\n' });
  const server = await startGitServer(directory);
  git(checkout, 'push', '--quiet', server.repository, 'HEAD:refs/heads/main');
  const source = await openSource(checkout);
  const machines: GitStore[] = [];
  const machine = (): GitStore => {
    const remote = { kind: 'http', url: server.url, token: null } as const;
    const store = join(directory, `store-${String(machines.length)}`);
    const made = createGitStore({ directory: store, source, remote, clock, prefix: () => 'ai' });
    machines.push(made);
    return made;
  };
  const file = (of = machine()): BranchFile =>
    createBranchFile({ git: of, branch, file: stateFile, subject: 'State', anyId: base });
  const onlooker = file();
  return {
    server,
    base,
    machine,
    file,
    record: async () => parseStateRecord((await onlooker.read())?.text ?? ''),
    pushes: () => server.seen.filter(({ path }) => path.endsWith('git-receive-pack') && !path.includes('?')).length,
    refuse: (words) =>
      writeFiles(join(server.repository, 'hooks'), {
        'pre-receive': { script: `#!/bin/sh\necho "${words}" >&2\nexit 1\n` },
      }),
    close: async () => {
      for (const one of machines) one.close();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The content of a run that is at work on something. */
export const contentOf = (runId: string, more: Partial<StateContent> = {}): StateContent => ({
  runId,
  actor: 'ann',
  phase: 'running',
  startedAtMs: 0,
  request: null,
  base: null,
  plan: null,
  landed: null,
  usage: noUsage,
  effects: { progressCommentId: null, summaryCommentId: null, pullRequest: null, branches: [] },
  outcome: null,
  ...more,
});

export const asIs = (text: string): string => text;

/** Waits for what real git takes its time for; the test's own limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
