// The contract of a split: committed before any task starts, so that every agent builds on the same interface.
import { commitMessage } from './commit-message.ts';
import type { Head } from './integrate/land-task.ts';
import type { Git } from './ports.ts';
import type { Plan } from './types.ts';
import type { CommitChecker } from './verify/check-commit.ts';

/** The head that the first tasks start from: the base, or the contract on it with the checks there. */
export async function commitContract(plan: Plan, base: Head, checkCommit: CommitChecker, git: Git): Promise<Head> {
  if (plan.contract === null || plan.contract.files.length === 0) return base;
  const tree = await git.writeFiles(base.commit, plan.contract.files);
  const message = commitMessage(plan.contract.summary, 'Made by ai-implement.', { before: 'Contract: ' });
  const commit = await git.commit(tree, [base.commit], message);
  return { commit, checks: await checkCommit(commit, 'merge', null) };
}
