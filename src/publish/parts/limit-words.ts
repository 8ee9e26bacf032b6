// Limits and estimates in words.
import { formatCount } from '../../journal/format.ts';
import { stopSentence } from '../../journal/run-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import { formatUsd } from '../../money/format-usd.ts';
import type { LimitReached } from '../../types.ts';
import { code, foreign } from '../foreign.ts';
import { sections, table } from './table.ts';

/** Which limit stopped the run, its value, what was spent, and what to do about it. */
export const limitWords = ({ limit, value, spent }: LimitReached): string =>
  `The limit ${code(limit)} is ${foreign(value, 80)}; used: ${foreign(spent, 80)}. Raise it in \`orchestrator-config.json\` to let a run go further.`;

/** `Estimate: $0.80 expected, $3.20 at worst.` Empty before there is a plan. */
export const estimateWords = ({ plan }: RunState): string =>
  plan === null
    ? ''
    : `Estimate: ${formatUsd(plan.estimate.expectedNanoUsd)} expected, ${formatUsd(plan.estimate.worstNanoUsd)} at worst.`;

/** The ceilings of the run that are set, in one line; empty when none is. */
export function ceilingWords({ limits }: RunState): string {
  if (limits === null) return '';
  const ceilings = [
    limits.costLimitNanoUsd === null ? '' : formatUsd(limits.costLimitNanoUsd),
    limits.tokenBudget === null ? '' : `${formatCount(limits.tokenBudget)} tokens`,
    limits.maxApiCalls === null ? '' : `${formatCount(limits.maxApiCalls)} calls`,
  ].filter((words) => words !== '');
  return ceilings.length === 0 ? '' : `It stops at ${ceilings.join(', ')}.`;
}

/** Why the run ended early, where a person, a signal or a limit ended it; empty where it did not. */
export const stopWords = ({ stoppedBy, limit }: RunState): string =>
  sections(stoppedBy !== null && foreign(stopSentence(stoppedBy), 200), limit && limitWords(limit));

/** What was estimated beside what was spent, one row a task, then all with the planning; empty before there is a plan. */
export function estimateTable({ plan, tasks, usage }: RunState): string {
  if (plan === null) return '';
  const rows = tasks.map(({ task, turns, usage: own }) => {
    const estimate = plan.estimate.tasks.find(({ taskId }) => taskId === task.id);
    return [
      `**${foreign(task.id)}**`,
      ...(estimate ? [formatUsd(estimate.expectedNanoUsd), formatUsd(estimate.worstNanoUsd)] : ['–', '–']),
      formatUsd(own.costNanoUsd),
      `${formatCount(turns)} of ${formatCount(estimate?.turns ?? task.estimatedTurns)}`,
    ];
  });
  const { expectedNanoUsd, worstNanoUsd } = plan.estimate;
  const all = ['all', ...[expectedNanoUsd, worstNanoUsd, usage.costNanoUsd].map(formatUsd), ''];
  return table(
    ['Task', 'Expected', 'At worst', 'Spent', 'Turns, of those expected'],
    [...rows, all.map((cell) => cell && `**${cell}**`)],
  );
}
