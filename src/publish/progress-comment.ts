// The one progress comment of a run, written anew from its state and edited in place.
import { formatCounted, formatDuration } from '../journal/format.ts';
import { reviewSentence } from '../journal/review-facts.ts';
import { requestTitle, runDurationMs } from '../journal/run-facts.ts';
import type { RunState } from '../journal/run-state.ts';
import { sandboxWords } from '../journal/sandbox-words.ts';
import { formatUsd } from '../money/format-usd.ts';
import { effectMarker } from './effect-marker.ts';
import { exposureNotice } from './exposure-notice.ts';
import { foreign } from './foreign.ts';
import { ceilingWords, estimateWords, limitWords } from './parts/limit-words.ts';
import { warningList } from './parts/notes.ts';
import { headline, outcomeDetails } from './parts/outcome.ts';
import { planGraph } from './parts/plan-graph.ts';
import { questionList } from './parts/questions.ts';
import { sections } from './parts/table.ts';
import { progressTable, unfinishedList } from './parts/task-table.ts';
import { resultLine, spentLine } from './parts/usage-table.ts';

/** Markdown of the progress comment at this state. Pass it through the sink before it leaves. */
export function renderProgressComment(state: RunState): string {
  if (state.isExposed) return `${effectMarker(state, 'progress')}\n### ${exposureNotice}`;
  return [
    effectMarker(state, 'progress'),
    sections(
      `### ${headline(state)}`,
      title(state),
      outcomeDetails(state),
      state.outcome === null ? statusLine(state) : totals(state),
      state.outcome === null && state.limit !== null && limitWords(state.limit),
      questionList(state),
      planPart(state),
      progressTable(state),
      state.outcome?.kind !== 'partial' && unfinishedList(state),
      helpLine(state),
      reviewSentence(state),
      [estimateWords(state), state.outcome === null && ceilingWords(state)].filter(Boolean).join(' '),
      warningList(state),
      // A run that cannot start for want of one says so by itself.
      state.sandbox !== null && `<sub>${sandboxWords(state).join(' ')}</sub>`,
    ),
  ].join('\n');
}

function title(state: RunState): string {
  const words = foreign(requestTitle(state), 200);
  return words === '' ? '' : `**${words}**`;
}

function statusLine(state: RunState): string {
  const { tasks, usage } = state;
  const done = tasks.filter((t) => t.status === 'completed').length;
  const counted = tasks.length === 0 ? '' : `${done} of ${formatCounted(tasks.length, 'task')} completed`;
  const spent = usage.requests === 0 ? '' : `${formatUsd(usage.costNanoUsd)} spent`;
  return [counted, spent, `${formatDuration(runDurationMs(state))} so far`].filter(Boolean).join(' · ');
}

/** What came out and what it took; nothing for a run that called no model. */
const totals = (state: RunState): string =>
  state.usage.requests === 0
    ? ''
    : [state.tasks.length > 0 && resultLine(state), spentLine(state)].filter(Boolean).join('<br>\n');

/** Which agents could not go on by themselves, and what the manager decided last for each. */
function helpLine({ escalations }: RunState): string {
  const last = new Map(
    escalations.map(({ taskId, rule, action }) => [
      taskId,
      `${foreign(taskId)} (${foreign(rule)}: ${action.replaceAll('_', ' ')})`,
    ]),
  );
  return last.size === 0 ? '' : `Helped on the way: ${[...last.values()].join(', ')}.`;
}

function planPart(state: RunState): string {
  if (state.plan !== null) return planGraph(state);
  if (state.outcome !== null) return '';
  const refused = state.planRefusals.length;
  return refused === 0
    ? '_The plan will appear here._'
    : `_The plan was sent back ${formatCounted(refused, 'time')}; the next will appear here._`;
}
