// How a run ended, in a headline, the facts behind it, and what to do next.
import { catalogue } from '../../errors.ts';
import { unfinishedWork } from '../../journal/run-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import type { PullRequest, RunOutcome } from '../../types.ts';
import { cut } from '../characters.ts';
import { code, foreign } from '../foreign.ts';
import { fence } from '../foreign-block.ts';
import { bullets, sections } from './table.ts';
import { stopWords } from './limit-words.ts';

const stageWords = {
  trigger: 'reading what was asked',
  prepare: 'preparing the repository',
  plan: 'planning',
  execute: 'building',
  integrate: 'integrating',
  verify: 'running the checks',
  publish: 'writing the pull request',
} as const;

/** One line, as a heading says it: what the run does now, or how it ended. Markdown. */
export function headline(state: RunState): string {
  const { outcome } = state;
  if (outcome === null) return `🔄 Working: ${state.stage === null ? 'starting' : stageWords[state.stage]}`;
  switch (outcome.kind) {
    case 'opened':
    case 'updated':
      return `✅ ${outcome.kind === 'opened' ? 'Opened' : 'Updated'} ${pullRequestLink(outcome.pullRequest)}`;
    case 'partial':
      if (isLeft(state))
        return '⚠️ Stopped early: the job that publishes opens a draft pull request with what was done';
      return outcome.pullRequest
        ? `⚠️ ${state.stoppedBy === null ? 'Stopped early' : 'Stopped'}: ${pullRequestLink(outcome.pullRequest)} holds what was done`
        : withoutPullRequest(state);
    case 'built':
      if (isLeft(state)) return '📦 Built: the job that publishes checks it again and opens the pull request';
      return `✅ Built on ${code(outcome.branch)}`;
    case 'planned':
      return '📋 The plan is ready';
    case 'skipped':
      return '⏭️ Not run';
    case 'failed':
      return `❌ Failed while ${stageName(outcome.stage)}`;
  }
}

function withoutPullRequest({ judgement, stoppedBy }: RunState): string {
  if ((judgement?.blocks.length ?? 0) > 0) return '⛔ Not published';
  return `⚠️ ${stoppedBy === null ? 'Stopped early' : 'Stopped'}`;
}

/** True where another job is to publish what this one built. */
const isLeft = ({ handover, outcome }: RunState): boolean =>
  handover?.kind === 'left' && outcome !== null && 'branch' in outcome && outcome.branch !== null;

const stageName = (stage: string): string =>
  Object.entries(stageWords).find(([name]) => name === stage)?.[1] ?? `at ${foreign(stage, 40)}`;

const pullRequestLink = ({ number, url, draft }: PullRequest): string =>
  `${draft ? 'draft pull request' : 'pull request'} [#${number}](${url})`;

/** The reason of the ending and what to do next; empty while the run goes on and when all went well. Markdown. */
export function outcomeDetails(state: RunState): string {
  const { outcome } = state;
  if (outcome === null) return '';
  switch (outcome.kind) {
    case 'partial':
      return sections(
        missing(state) || `Reason: ${foreign(outcome.reason, 600)}`,
        !isLeft(state) && sections(whereItLies(outcome), continueAdvice(outcome)),
      );
    case 'planned':
      return 'Nothing was built yet. To build it, comment `/ai-implement`, followed by any words to add.';
    case 'skipped':
      return `Reason: ${foreign(outcome.reason, 600)}`;
    case 'failed':
      return sections(errorWords(outcome), adviceWords(outcome.code), savedWords(outcome.saved));
    default:
      return '';
  }
}

/** Each reason of a partial outcome by itself; empty where the outcome's own words are all there is. */
function missing(state: RunState): string {
  return sections(
    stopWords(state),
    bullets(
      unfinishedWork(state).map((reason) => foreign(reason, 600)),
      30,
    ),
  );
}

const whereItLies = ({ branch }: Extract<RunOutcome, { kind: 'partial' }>): string =>
  branch === null ? '' : `What was done is on ${code(branch)}.`;

const continueAdvice = ({ pullRequest }: Extract<RunOutcome, { kind: 'partial' }>): string =>
  pullRequest === null
    ? 'To go on, start the run again.'
    : `To go on, comment \`/ai-implement\` with what to do on [#${pullRequest.number}](${pullRequest.url}), or on the issue.`;

type Failed = Extract<RunOutcome, { kind: 'failed' }>;

/** The error without the hint that may stand at its end: that is said once, below. */
function errorWords({ error, code: errorCode }: Failed): string {
  const text = error.replace(hintOf(errorCode) ?? '', '').trim();
  return text.includes('\n') ? fence(cut(text, 3000)) : foreign(text, 1000);
}

const hintOf = (errorCode: string | null): string | undefined =>
  Object.entries(catalogue).find(([name]) => name === errorCode)?.[1].hint;

/** Advice of the catalogue; an error that is not in it is ours to mend. */
const adviceWords = (errorCode: string | null): string =>
  `**What to do:** ${hintOf(errorCode) ?? 'This looks like a bug of ai-implement. Please report it with the log of this run.'}`;

const savedWords = (branches: readonly string[]): string =>
  branches.length === 0
    ? ''
    : `What was done before is saved on: ${branches.map((branch) => code(branch)).join(', ')}.`;
