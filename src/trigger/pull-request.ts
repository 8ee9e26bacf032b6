// A comment on a pull request: is the pull request ours to continue, and for which issue?
import type { GitHub } from '../ports.ts';
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
 * Looks the pull request up. It is ours when its head lies in this repository, under our branch prefix, and its body
 * carries our marker `<!-- ai-implement:issue-42:<run id>:pull-request -->` (another slug where no issue asked).
 * @throws RunError of the GitHub adapter.
 */
export async function readOwnPullRequest(
  number: number,
  repository: RepositoryName,
  branchPrefix: string,
  github: Pick<GitHub, 'pullRequest'>,
): Promise<OwnPullRequest | Skip> {
  const pullRequest = await github.pullRequest(number);
  const ours = `${repository.owner}/${repository.name}`.toLowerCase();
  if (pullRequest.state === 'closed') return skip('pull-request-closed', String(number));
  if (pullRequest.headRepository?.toLowerCase() !== ours) return skip('pull-request-from-fork', String(number));
  const marker = readMarker(pullRequest.body);
  const prefix = `${branchPrefix.replace(/\/+$/, '')}/`;
  if (marker === null || !pullRequest.headBranch.startsWith(prefix)) {
    return skip('pull-request-not-ours', String(number));
  }
  return { kind: 'ours', pullRequest, branch: pullRequest.headBranch, ...marker };
}

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
