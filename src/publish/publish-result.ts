// Puts the result where people find it: branches, then the pull request, then its summary comment.
import type { BranchUpdate, Git, GitHub, Reporter } from '../ports.ts';
import type { PullRequest } from '../types.ts';

export interface PublishInput {
  readonly branch: string;
  readonly commit: string;
  readonly expected: string | null;
  readonly baseBranch: string;
  /** The open pull request that goes on; null for a new one. */
  readonly pullRequest: PullRequest | null;
  readonly draft: boolean;
  readonly title: string;
  readonly body: string;
}

export interface PublishDeps {
  readonly git: Git;
  readonly github: GitHub;
  readonly reporter: Reporter;
}

/** Pushes the result's branch and opens or updates its pull request. @throws RunError of git and GitHub. */
export async function publishResult(input: PublishInput, deps: PublishDeps): Promise<PullRequest> {
  await pushBranches([{ branch: input.branch, commit: input.commit, expected: input.expected }], deps);
  const { title, body } = input;
  if (input.pullRequest !== null)
    return deps.github.updatePullRequest(input.pullRequest.number, { title: input.pullRequest.title, body });
  return deps.github.openPullRequest({ title, body, head: input.branch, base: input.baseBranch, draft: input.draft });
}

/** Pushes branches and reports each. */
export async function pushBranches(
  updates: readonly BranchUpdate[],
  deps: Pick<PublishDeps, 'git' | 'reporter'>,
): Promise<void> {
  if (updates.length === 0) return;
  await deps.git.push(updates);
  for (const { branch, commit } of updates) deps.reporter.emit({ type: 'branch.pushed', branch, commit });
}
