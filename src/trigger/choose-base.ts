// Where a run starts and where its result goes: a fresh branch, or the head of a pull request of ours.
import type { Git, GitHub } from '../ports.ts';
import { RunError } from '../errors.ts';
import type { PullRequest } from '../types.ts';

export interface BaseQuestion {
  /** Head of the checkout and the branch it stands on (null: detached). */
  readonly checkout: { readonly commit: string; readonly branch: string | null };
  /** `base_branch` of the configuration. */
  readonly wantedBase: string | null;
  /** The default branch, where the event named it. */
  readonly defaultBranch: string | null;
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
  /**
   * What the result's branch points at on the remote as the run starts; null when it does not exist. Asked at once and
   * needed at the end only, so nothing waits for it. A rejection is the caller's when it awaits.
   */
  readonly expected: Promise<string | null>;
  /** The open pull request that goes on; null for a new one. */
  readonly pullRequest: PullRequest | null;
}

/**
 * An open pull request of ours is continued on its head, so that neither earlier work nor a person's commits are lost.
 * A branch whose pull request was closed, or, without GitHub, any that exists, is left alone: the result then gets the
 * next free name (`-2`, `-3`, ...).
 * @throws RunError `base-branch-missing`
 */
export async function chooseBase(question: BaseQuestion, git: Git, github: GitHub | null): Promise<Base> {
  if (github === null) return freshLocal(question, git);
  const [result, baseBranch] = await Promise.all([
    question.continues ?? chooseBranch(question.branch, git, github),
    question.wantedBase ?? question.defaultBranch ?? github.defaultBranch(),
  ]);
  if ('headBranch' in result) return continued(result, git);
  return { commit: await commitOf(baseBranch, question, git), baseBranch, ...result, pullRequest: null };
}

/** The open pull request of the branch or of a numbered one after it, else the first of them that had none yet. */
async function chooseBranch(
  wanted: string,
  git: Git,
  github: GitHub,
): Promise<PullRequest | Pick<Base, 'branch' | 'expected'>> {
  for (let i = 1; ; i++) {
    const branch = i === 1 ? wanted : `${wanted}-${i}`;
    const expected = git.remoteBranch(branch);
    expected.catch(() => undefined); // Awaited when the branch is pushed.
    const pullRequest = await github.findPullRequest(branch);
    if (pullRequest === null) return { branch, expected };
    if (pullRequest.state === 'open') return pullRequest;
  }
}

async function continued(pullRequest: PullRequest, git: Git): Promise<Base> {
  const { baseBranch, headBranch } = pullRequest;
  const commit = await git.fetch(headBranch);
  return { commit, baseBranch, branch: headBranch, expected: Promise.resolve(commit), pullRequest };
}

/** The checkout is used where it is the base. */
async function commitOf(baseBranch: string, { checkout }: BaseQuestion, git: Git): Promise<string> {
  if (baseBranch === checkout.branch) return checkout.commit;
  if ((await git.remoteBranch(baseBranch)) === null) throw new RunError('base-branch-missing', { branch: baseBranch });
  return git.fetch(baseBranch);
}

/** Without a wish a terminal run builds on whatever is checked out, also where that is no branch. */
async function freshLocal(question: BaseQuestion, git: Git): Promise<Base> {
  const { wantedBase, checkout } = question;
  const baseBranch = wantedBase ?? checkout.branch ?? 'HEAD';
  const commit = wantedBase === null ? checkout.commit : await commitOf(wantedBase, question, git);
  let branch = question.branch;
  for (let i = 2; (await git.remoteBranch(branch)) !== null; i++) branch = `${question.branch}-${i}`;
  return { commit, baseBranch, branch, expected: Promise.resolve(null), pullRequest: null };
}
