// The top of the page: what was asked, how it ended, and what it took.
import { estimateAgainstActual, estimateWords } from '../journal/estimate-against-actual.ts';
import { formatCount, formatDuration } from '../journal/format.ts';
import {
  changedFiles,
  countLines,
  issueNumber,
  partialReasons,
  requestTitle,
  runDurationMs,
  totalTokens,
} from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { formatUsd } from '../money/format-usd.ts';
import { html, link, pill } from './html.ts';
import type { Html } from './html.ts';
import { describeOutcome } from './status.ts';

/** Words of the heading and of the page's title. */
export const reportTitle = (state: RunState): string => requestTitle(state) || `Run ${state.runId}`;

/** `durationMs` is the run's own measure where it has ended; else the time to the newest event. */
export function renderHeader(state: RunState, durationMs: number | null): Html {
  const { tone, words } = describeOutcome(state.outcome);
  return html`<header>
    <p class="kicker">ai-implement run report</p>
    <h1>${reportTitle(state)}</h1>
    <p class="outcome">${pill(tone, words)} ${places(state)}</p>
    ${reasons(state)} ${figures(state, durationMs ?? runDurationMs(state))}
  </header>`;
}

function places(state: RunState): Html {
  const { outcome, trigger, issue } = state;
  const pull = outcome !== null && 'pullRequest' in outcome ? outcome.pullRequest : null;
  const branch = outcome !== null && 'branch' in outcome ? outcome.branch : (state.integration?.branch ?? null);
  const number = issueNumber(state);
  const parts = [
    pull && link(pull.url, `Pull request #${pull.number}`),
    number !== null && link(issue?.url ?? null, `Issue #${number}`),
    branch !== null && html`branch <code>${branch}</code>`,
    state.base && html`on <code>${state.base.branch}</code> at <code>${state.base.commit.slice(0, 10)}</code>`,
    trigger && html`asked by ${trigger.actor}`,
    state.sandbox && html`sandbox: ${state.sandbox.backend}`,
  ].filter((part) => part !== false && part !== null);
  return html`<span class="places">${parts.map((part) => html`<span>${part}</span>`)}</span>`;
}

/** Why the run is not whole. A failure's own words come first. */
function reasons(state: RunState): Html | null {
  const { outcome } = state;
  const own =
    outcome?.kind === 'failed'
      ? [`Stage ${outcome.stage}: ${outcome.error}`, ...outcome.saved.map((branch) => `Saved on ${branch}.`)]
      : outcome?.kind === 'skipped'
        ? [outcome.reason]
        : [];
  const missing = outcome?.kind === 'planned' ? [] : partialReasons(state);
  // The reason of a partial outcome is all of these in one line.
  const all = outcome?.kind === 'partial' && missing.length === 0 ? [outcome.reason] : [...own, ...missing];
  return all.length === 0
    ? null
    : html`<ul class="reasons">
        ${all.map((reason) => html`<li>${reason}</li>`)}
      </ul>`;
}

function figures(state: RunState, durationMs: number): Html {
  const { usage } = state;
  const done = state.tasks.filter((task) => task.status === 'completed').length;
  const files = changedFiles(state);
  const { added, deleted } = countLines(files);
  const rows: readonly (readonly [string, string, string])[] = [
    ['Cost', formatUsd(usage.costNanoUsd), estimateOf(state)],
    ['Time', formatDuration(durationMs), 'from trigger to outcome'],
    ['Tasks', `${done} of ${state.tasks.length}`, 'completed'],
    ['Files changed', formatCount(files.length), `+${formatCount(added)} −${formatCount(deleted)} lines, by git`],
    ['Model calls', formatCount(usage.requests), state.model],
    ['Tokens', formatCount(totalTokens(usage)), tokenDetail(state)],
  ];
  return html`<dl class="figures">
    ${rows.map(
      ([name, value, detail]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
          <dd class="detail">${detail}</dd>
        </div>`,
    )}
  </dl>`;
}

function estimateOf(state: RunState): string {
  const estimate = estimateAgainstActual(state);
  return estimate === null ? 'from reported usage' : `estimate: ${estimateWords(estimate.run)}`;
}

function tokenDetail({ usage }: RunState): string {
  return `${formatCount(usage.outputTokens)} out, ${formatCount(usage.cacheReadTokens)} from cache`;
}
