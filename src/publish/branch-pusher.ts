// Pushes agents' branches while the run goes on, one after another, so that finished work is safe early.
import type { Git, Reporter } from '../ports.ts';
import { pushBranches } from './push-branches.ts';

export interface BranchPusher {
  push(branch: string, commit: string): void;
  /** Waits for all; returns the branches that could not be pushed, each with the reason. Never rejects. */
  finish(): Promise<readonly { readonly branch: string; readonly error: unknown }[]>;
}

/** Starts with nothing to push. A branch left by an earlier run is replaced: it is ours, and its value is leased. */
export function createBranchPusher(deps: { readonly git: Git; readonly reporter: Reporter }): BranchPusher {
  const failed: { branch: string; error: unknown }[] = [];
  let queue: Promise<void> = Promise.resolve();
  const pushOne = async (branch: string, commit: string): Promise<void> => {
    try {
      await pushBranches([{ branch, commit, expected: await deps.git.remoteBranch(branch) }], deps);
    } catch (error) {
      failed.push({ branch, error });
    }
  };
  return {
    push(branch, commit) {
      queue = queue.then(() => pushOne(branch, commit));
    },
    async finish() {
      await queue;
      return failed;
    },
  };
}
