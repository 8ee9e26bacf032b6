// Questions, limits and warnings: what a reader must know besides the results.
import type { RunState } from '../journal/run-state.ts';
import { flagSentences } from '../journal/judgement-facts.ts';
import { limitSentence } from '../journal/run-facts.ts';
import { formatCount, formatDuration } from '../journal/format.ts';
import { hiddenSentence } from '../journal/hidden-sentence.ts';
import { formatUsd } from '../money/format-usd.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Null when there is nothing to say. */
export function renderNotices(state: RunState): Html | null {
  const { limit, warnings, integration, issue, questions } = state;
  const hidden = hiddenSentence(issue);
  const lines = [
    ...questions.map(({ taskId, question }) => `${taskId} needs an answer: ${question}`),
    ...(limit === null ? [] : [limitSentence(limit)]),
    ...flagSentences(state),
    ...(hidden === '' ? [] : [hidden]),
    ...(integration?.lost ?? []).map(
      ({ taskId, path, lines: count }) =>
        `${count} ${count === 1 ? 'line' : 'lines'} of ${taskId} in ${path} are no longer in the result.`,
    ),
    ...warnings,
  ];
  const limits = describeLimits(state);
  if (lines.length === 0 && limits === '') return null;
  return html`${
    lines.length > 0 &&
    html`<ul class="notices">
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>`
  }${limits !== '' && html`<p class="quietly">Limits of this run: ${limits}.</p>`}`;
}

function describeLimits({ limits }: RunState): string {
  if (limits === null) return '';
  const parts = [
    limits.costLimitNanoUsd === null ? null : `${formatUsd(limits.costLimitNanoUsd)}`,
    limits.tokenBudget === null ? null : `${formatCount(limits.tokenBudget)} tokens`,
    limits.maxApiCalls === null ? null : `${formatCount(limits.maxApiCalls)} model calls`,
    `${formatCount(limits.maxTurnsPerTask)} turns a task`,
    limits.timeoutMs === null ? null : formatDuration(limits.timeoutMs),
  ];
  return parts.filter((part) => part !== null).join(', ');
}
