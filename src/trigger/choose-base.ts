// Where a run starts and where its result goes: a fresh branch, or the head of a pull request of ours.
import type { Git, GitHub } from '../ports.ts';
import { RunError } from '../errors.ts';
import type { PullRequest } from '../types.ts';

export interface BaseQuestion {
  /** Head of the checkout and the branch it stands on (null: detached). */
  readonly checkout: { readonly commit: string; readonly branch: string | null };
  /** `base_branch` of the configuration. */
  readonly wantedBase: string | null;
  /** Branch the result would go to. */
  readonly branch: string;
  /** The pull request that a comment asked to continue; null when an issue or a feature is the source. */
  readonly continues: PullRequest | null;
}

export interface Base {
  /** Commit that the work starts from. */
  readonly commit: string;
  /** Branch the pull request goes against. */
  readonly baseBranch: string;
  /** Branch of the result. */
  readonly branch: string;
  /** What the result's branch points at on the remote now; null when it does not exist. */
  readonly expected: string | null;
  /** The open pull request that goes on; null for a new one. */
  readonly pullRequest: PullRequest | null;
}

/**
 * An open pull request of ours is continued on its head, so that neither earlier work nor a person's commits are lost.
 * Without GitHub an existing branch is left alone and the result gets the next free name (`-2`, `-3`, ...).
 * @throws RunError `base-branch-missing`
 */
export async function chooseBase(question: BaseQuestion, git: Git, github: GitHub | null): Promise<Base> {
  if (github === null) return freshLocal(question, git);
  const pullRequest = question.continues ?? (await github.findPullRequest(question.branch));
  if (pullRequest !== null) {
    const commit = await git.fetch(pullRequest.headBranch);
    return {
      commit,
      baseBranch: pullRequest.baseBranch,
      branch: pullRequest.headBranch,
      expected: commit,
      pullRequest,
    };
  }
  const [{ commit, baseBranch }, expected] = await Promise.all([
    baseOf(question, git, github),
    git.remoteBranch(question.branch),
  ]);
  return { commit, baseBranch, branch: question.branch, expected, pullRequest: null };
}

async function baseOf(
  { wantedBase, checkout }: BaseQuestion,
  git: Git,
  github: GitHub | null,
): Promise<{ commit: string; baseBranch: string }> {
  const baseBranch = wantedBase ?? (github === null ? (checkout.branch ?? 'HEAD') : await github.defaultBranch());
  // The checkout is used where it is the base; a terminal run without a wish builds on whatever is checked out.
  if (baseBranch === checkout.branch || (github === null && wantedBase === null)) {
    return { commit: checkout.commit, baseBranch };
  }
  if ((await git.remoteBranch(baseBranch)) === null) throw new RunError('base-branch-missing', { branch: baseBranch });
  return { commit: await git.fetch(baseBranch), baseBranch };
}

async function freshLocal(question: BaseQuestion, git: Git): Promise<Base> {
  const { commit, baseBranch } = await baseOf(question, git, null);
  let branch = question.branch;
  for (let i = 2; (await git.remoteBranch(branch)) !== null; i++) branch = `${question.branch}-${i}`;
  return { commit, baseBranch, branch, expected: null, pullRequest: null };
}
