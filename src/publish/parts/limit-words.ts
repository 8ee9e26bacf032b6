// Limits and estimates in words.
import { estimateAgainstActual, estimateWords, type CostRow } from '../../journal/estimate-against-actual.ts';
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

/** `Estimate: $0.80 expected, $3.20 at worst; spent: $0.41.` Empty before there is a plan. */
export function estimateLine(state: RunState): string {
  const run = estimateAgainstActual(state)?.run;
  return run === undefined ? '' : `Estimate: ${estimateWords(run)}; spent: ${formatUsd(run.actualNanoUsd ?? 0)}.`;
}

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
export function estimateTable(state: RunState): string {
  const compared = estimateAgainstActual(state);
  if (compared === null) return '';
  const rows = compared.tasks.map((row) => {
    const turns = state.tasks.find(({ task }) => task.id === row.taskId);
    return [
      `**${foreign(row.taskId)}**`,
      ...amounts(row),
      turns === undefined ? '' : `${formatCount(turns.turns)} of ${formatCount(turns.task.estimatedTurns)}`,
    ];
  });
  const all = ['all', ...amounts(compared.run), ''];
  return table(
    ['Task', 'Expected', 'At worst', 'Spent', 'Turns, of those expected'],
    [...rows, all.map((cell) => cell && `**${cell}**`)],
  );
}

const amounts = ({ expectedNanoUsd, worstNanoUsd, actualNanoUsd }: CostRow): readonly string[] =>
  [expectedNanoUsd, worstNanoUsd, actualNanoUsd].map((nanoUsd) => (nanoUsd === null ? '–' : formatUsd(nanoUsd)));

/** `$0.39 ($0.24 expected, $0.40 at worst)`; before anything was spent a dash for it. Empty where nothing is known. */
export function taskCost(row: CostRow): string {
  const words = estimateWords(row);
  const spent = row.actualNanoUsd === null ? '–' : formatUsd(row.actualNanoUsd);
  return words === '' ? spent : `${spent} (${words})`;
}
