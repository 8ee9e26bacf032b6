// The last stage: what was merged becomes a pull request (or a local branch), and the outcome gets its name.
import { isBlocked, isFlagged } from '../journal/judgement-facts.ts';
import { partialReasons } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import type { Git, GitHub, Reporter } from '../ports.ts';
import type { Integration, PullRequest, RunOutcome, TaskResult } from '../types.ts';
import type { BranchPusher } from './branch-pusher.ts';
import { knownMarkers } from './effect-marker.ts';
import { oneLine } from './foreign.ts';
import { pushBranches } from './push-branches.ts';
import { renderPullRequestBody, renderPullRequestTitle } from './pull-request-body.ts';
import { saveComment } from './save-comment.ts';
import { renderSummaryComment } from './summary-comment.ts';

export interface PublishRunInput {
  readonly base: {
    readonly commit: string;
    readonly baseBranch: string;
    readonly branch: string;
    readonly expected: Promise<string | null>;
    readonly pullRequest: PullRequest | null;
  };
  readonly integration: Integration;
  readonly results: readonly TaskResult[];
}

export interface PublishRunDeps {
  readonly git: Git;
  readonly github: GitHub | null;
  readonly reporter: Reporter;
  readonly state: () => RunState;
  readonly pusher: BranchPusher;
  /** Earlier attempts of the same run, whose summary is edited instead of a second one being written. */
  readonly earlierRunIds?: readonly string[];
  /** The one function that every leaving Markdown text passes. */
  readonly clean: (markdown: string) => string;
  /** The same for a title, which is no Markdown. */
  readonly cleanTitle: (title: string) => string;
}

/** Of an outcome's reason, which is one line: an output of the action, too. */
const maxReasonLength = 1000;

/** @throws RunError of git and GitHub; agents' branches are pushed by then. */
export async function publishRun(input: PublishRunInput, deps: PublishRunDeps): Promise<RunOutcome> {
  const { base } = input;
  const commit = input.integration.result;
  await warnOfUnpushed(deps);
  const reason = oneLine(partialReasons(deps.state()).join(' '), maxReasonLength);
  if (commit === null) return nothingToPublish(input, reason);
  // Told by the reason: what is blocked is part of why the result is not whole.
  if (isBlocked(deps.state())) return { kind: 'partial', pullRequest: null, branch: null, reason };
  await deps.git.setBranch(base.branch, commit);
  const update = { branch: base.branch, commit, expected: await base.expected };
  await pushBranches([update], deps);
  if (deps.github === null) {
    if (reason === '') return { kind: 'built', branch: base.branch };
    return { kind: 'partial', pullRequest: null, branch: base.branch, reason };
  }
  const draft = reason !== '' || isFlagged(deps.state());
  const pullRequest = await savePullRequest(base, draft, deps.github, deps);
  await comment(pullRequest, deps.github, deps);
  if (reason !== '') return { kind: 'partial', pullRequest, branch: base.branch, reason };
  return { kind: base.pullRequest === null ? 'opened' : 'updated', pullRequest, branch: base.branch };
}

/**
 * Opens the pull request, or updates the body of the one that goes on or that a killed start of this run has opened. A
 * title may be a person's by now, and a body without our marker is one: both are left as they are.
 */
async function savePullRequest(
  { pullRequest, branch, baseBranch }: PublishRunInput['base'],
  draft: boolean,
  github: GitHub,
  deps: PublishRunDeps,
): Promise<PullRequest> {
  const body = deps.clean(renderPullRequestBody(deps.state()));
  if (pullRequest !== null) return github.updatePullRequest(pullRequest.number, { title: pullRequest.title, body });
  const found = await github.findPullRequest(branch);
  if (found?.state === 'open') {
    const isOurs = knownMarkers(deps.state(), 'pull-request', deps.earlierRunIds).some((one) =>
      found.body.includes(one),
    );
    return isOurs ? github.updatePullRequest(found.number, { title: found.title, body }) : found;
  }
  const title = deps.cleanTitle(renderPullRequestTitle(deps.state()));
  return github.openPullRequest({ title, body, head: branch, base: baseBranch, draft });
}

function nothingToPublish({ results }: PublishRunInput, partial: string): RunOutcome {
  const said = oneLine(results[0]?.claims?.summary ?? '', maxReasonLength);
  const reason = partial === '' ? `No file was changed. The agent says: ${said}` : partial;
  return { kind: 'partial', pullRequest: null, branch: null, reason };
}

async function comment(pullRequest: PullRequest, github: GitHub, deps: PublishRunDeps): Promise<void> {
  const markers = knownMarkers(deps.state(), 'summary', deps.earlierRunIds);
  const body = deps.clean(renderSummaryComment(deps.state()));
  const { id, url } = await saveComment({ github, issueNumber: pullRequest.number, markers }, null, body);
  deps.reporter.emit({ type: 'comment.saved', kind: 'summary', id, url });
}

/** Waits for agents' branches, and warns of those that stay behind. */
export async function warnOfUnpushed({ pusher, reporter }: Pick<PublishRunDeps, 'pusher' | 'reporter'>): Promise<void> {
  for (const { branch, error } of await pusher.finish()) {
    const why = error instanceof Error ? error.message : String(error);
    reporter.emit({ type: 'warning', message: `The branch ${branch} could not be pushed: ${why}` });
  }
}
