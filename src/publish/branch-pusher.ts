// Pushes agents' branches while the run goes on, one after another, so that finished work is safe early.
import type { Git, Reporter } from '../ports.ts';
import type { DiffJudgement } from '../types.ts';
import { blockSentence } from '../journal/judgement-facts.ts';
import { pushBranches } from './push-branches.ts';

export interface BranchPusher {
  push(branch: string, commit: string): void;
  /** Waits for all; returns the branches that could not be pushed, each with the reason. Never rejects. */
  finish(): Promise<readonly { readonly branch: string; readonly error: unknown }[]>;
}

export interface BranchPusherDeps {
  readonly git: Git;
  readonly reporter: Reporter;
  /** What the diff policy says of a commit: one that holds what it blocks stays here. */
  readonly judge: (commit: string) => Promise<DiffJudgement>;
}

/** Starts with nothing to push. A branch left by an earlier run is replaced: it is ours, and its value is leased. */
export function createBranchPusher(deps: BranchPusherDeps): BranchPusher {
  const failed: { branch: string; error: unknown }[] = [];
  let queue: Promise<void> = Promise.resolve();
  const pushOne = async (branch: string, commit: string): Promise<void> => {
    try {
      const [block] = (await deps.judge(commit)).blocks;
      if (block !== undefined) throw new Error(blockSentence(block));
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
