// The last stage: what was merged becomes a pull request (or a local branch), and the outcome gets its name.
import type { RunState } from '../journal/run-state.ts';
import type { Git, GitHub, Reporter } from '../ports.ts';
import type { Integration, PullRequest, RunOutcome, TaskResult } from '../types.ts';
import type { BranchPusher } from './branch-pusher.ts';
import { publishResult, pushBranches } from './publish-result.ts';
import { renderPullRequestBody, renderPullRequestTitle } from './pull-request-body.ts';
import { renderSummaryComment } from './summary-comment.ts';

export interface PublishRunInput {
  readonly base: {
    readonly commit: string;
    readonly baseBranch: string;
    readonly branch: string;
    readonly expected: string | null;
    readonly pullRequest: PullRequest | null;
  };
  readonly integration: Integration;
  readonly results: readonly TaskResult[];
  /** Commit that the tasks started from (the base, or the contract on it). */
  readonly start: string;
}

export interface PublishRunDeps {
  readonly git: Git;
  readonly github: GitHub | null;
  readonly reporter: Reporter;
  readonly state: () => RunState;
  readonly pusher: BranchPusher;
  /** The one function that every leaving Markdown text passes. */
  readonly clean: (markdown: string) => string;
}

/** @throws RunError of git and GitHub; agents' branches are pushed by then. */
export async function publishRun(input: PublishRunInput, deps: PublishRunDeps): Promise<RunOutcome> {
  const commit = resultCommit(input);
  const partial = input.results.find((result) => result.status !== 'completed');
  await warnOfUnpushed(deps);
  const { base } = input;
  if (commit === null) return nothingToPublish(input, partial);
  await deps.git.setBranch(base.branch, commit);
  if (deps.github === null) {
    await pushBranches([{ branch: base.branch, commit, expected: base.expected }], deps);
    return partial === undefined
      ? { kind: 'built', branch: base.branch }
      : { kind: 'partial', pullRequest: null, branch: base.branch, reason: reasonOf(partial) };
  }
  const pullRequest = await publishResult(
    {
      ...base,
      commit,
      draft: partial !== undefined,
      title: deps.clean(renderPullRequestTitle(deps.state())),
      body: deps.clean(renderPullRequestBody(deps.state())),
    },
    { ...deps, github: deps.github },
  );
  await comment(pullRequest, deps.github, deps);
  if (partial !== undefined) return { kind: 'partial', pullRequest, branch: base.branch, reason: reasonOf(partial) };
  return { kind: base.pullRequest === null ? 'opened' : 'updated', pullRequest, branch: base.branch };
}

/** The merged work; where nothing was merged, the unfinished work of a run's only task; else null. */
function resultCommit({ integration, results, start }: PublishRunInput): string | null {
  if (integration.commit !== start) return integration.commit;
  return results.length === 1 ? (results[0]?.commit ?? null) : null;
}

function nothingToPublish({ results }: PublishRunInput, partial: TaskResult | undefined): RunOutcome {
  const said = results[0]?.claims?.summary ?? '';
  const reason = partial === undefined ? `No file was changed. The agent says: ${said}` : reasonOf(partial);
  return { kind: 'partial', pullRequest: null, branch: null, reason };
}

async function comment(pullRequest: PullRequest, github: GitHub, deps: PublishRunDeps): Promise<void> {
  const { id, url } = await github.createComment(pullRequest.number, deps.clean(renderSummaryComment(deps.state())));
  deps.reporter.emit({ type: 'comment.saved', kind: 'summary', id, url });
}

async function warnOfUnpushed({ pusher, reporter }: PublishRunDeps): Promise<void> {
  for (const { branch, error } of await pusher.finish()) {
    const why = error instanceof Error ? error.message : String(error);
    reporter.emit({ type: 'warning', message: `The branch ${branch} could not be pushed: ${why}` });
  }
}

const reasonOf = ({ task, reason }: TaskResult): string => `${task.id}: ${reason ?? 'not completed'}`;
