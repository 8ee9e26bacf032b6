// A comment on a pull request: is the pull request ours to continue, and for which issue?
import type { Account, GitHub } from '../ports.ts';
import type { PullRequest, RepositoryName } from '../types.ts';
import { skip, type Skip } from './skip-reasons.ts';

/** A pull request of ours that a comment asks to go on with. */
export interface OwnPullRequest {
  readonly kind: 'ours';
  readonly pullRequest: PullRequest;
  /** The head branch: work continues on it. */
  readonly branch: string;
  /** The run that opened it. */
  readonly runId: string;
  /** The issue it was made for; null when a feature text was the source. */
  readonly issueNumber: number | null;
}

/**
 * Looks the pull request up. It is ours when its head lies in this repository, under our branch prefix, its author is the
 * account that our token acts as (by number: `github-actions[bot]` for the token of a job), and its body carries our
 * marker `<!-- ai-implement:issue-42:<run id>:pull-request -->` (another slug where no issue asked).
 * @throws RunError of the GitHub adapter.
 */
export async function readOwnPullRequest(
  number: number,
  repository: RepositoryName,
  branchPrefix: string,
  github: Pick<GitHub, 'pullRequest' | 'account'>,
): Promise<OwnPullRequest | Skip> {
  const [pullRequest, account] = await Promise.all([github.pullRequest(number), ownAccount(github)]);
  const ours = `${repository.owner}/${repository.name}`.toLowerCase();
  if (pullRequest.state === 'closed') return skip('pull-request-closed', String(number));
  if (pullRequest.headRepository?.toLowerCase() !== ours)
    return { ...skip('pull-request-from-fork', String(number)), replyOn: number };
  const marker = readMarker(pullRequest.body);
  const prefix = `${branchPrefix.replace(/\/+$/, '')}/`;
  if (marker === null || !pullRequest.headBranch.startsWith(prefix)) {
    return skip('pull-request-not-ours', String(number));
  }
  if (typeof account === 'string') return skip('own-account-unknown', account);
  if (pullRequest.authorId !== account.id)
    return skip('pull-request-by-another', `Pull request #${number} was opened by ${pullRequest.author}`);
  return { kind: 'ours', pullRequest, branch: pullRequest.headBranch, ...marker };
}

/** Or why it is not known. */
const ownAccount = (github: Pick<GitHub, 'account'>): Promise<Account | string> =>
  github.account().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));

/** As effect-marker.ts writes it; the second form is that of versions before 0.2. */
const markers = [
  /<!-- ai-implement:(?:issue-(?<issue>[1-9]\d{0,9})|[a-z][\w-]*):(?<runId>[\w.-]+):pull-request -->/,
  /<!-- ai-implement:run=(?<runId>[\w.-]+) issue=(?:(?<issue>[1-9]\d{0,9})|none)[^>]*-->/,
];

function readMarker(body: string): { readonly runId: string; readonly issueNumber: number | null } | null {
  const groups = markers.map((marker) => marker.exec(body)?.groups).find((found) => found !== undefined);
  if (groups === undefined) return null;
  const { runId = '', issue } = groups;
  return { runId, issueNumber: issue === undefined ? null : Number(issue) };
}
