// What the plan estimated beside what was spent: one comparison for comment, pull request, report and terminal.
import { formatUsd } from '../money/format-usd.ts';
import type { RunState } from './run-state.ts';

/** Nano-dollars. An estimate is null for a task that the plan did not have; `actual` for one that was never begun. */
export interface CostRow {
  readonly expectedNanoUsd: number | null;
  readonly worstNanoUsd: number | null;
  readonly actualNanoUsd: number | null;
}

export interface CostComparison {
  /** In the order of the plan. */
  readonly tasks: readonly (CostRow & { readonly taskId: string })[];
  /** Planning is on both sides; escalation and review are on the actual side only, as nobody plans for them. */
  readonly run: CostRow;
}

/** Null before there is a plan. */
export function estimateAgainstActual({
  plan,
  tasks,
  usage,
}: Pick<RunState, 'plan' | 'tasks' | 'usage'>): CostComparison | null {
  if (plan === null) return null;
  const { estimate } = plan;
  const { expectedNanoUsd, worstNanoUsd } = estimate;
  return {
    tasks: tasks.map(({ task, usage: own }) => {
      const planned = estimate.tasks.find(({ taskId }) => taskId === task.id);
      return {
        taskId: task.id,
        expectedNanoUsd: planned?.expectedNanoUsd ?? null,
        worstNanoUsd: planned?.worstNanoUsd ?? null,
        actualNanoUsd: own.requests === 0 ? null : own.costNanoUsd,
      };
    }),
    run: { expectedNanoUsd, worstNanoUsd, actualNanoUsd: usage.costNanoUsd },
  };
}

/** `$0.42 expected, $1.20 at worst`; empty where there is no estimate. */
export const estimateWords = ({ expectedNanoUsd, worstNanoUsd }: CostRow): string =>
  expectedNanoUsd === null || worstNanoUsd === null
    ? ''
    : `${formatUsd(expectedNanoUsd)} expected, ${formatUsd(worstNanoUsd)} at worst`;

/** The row of a task; all null where nothing is known of it. */
export const costRowOf = (state: Pick<RunState, 'plan' | 'tasks' | 'usage'>, taskId: string): CostRow =>
  estimateAgainstActual(state)?.tasks.find((row) => row.taskId === taskId) ?? {
    expectedNanoUsd: null,
    worstNanoUsd: null,
    actualNanoUsd: null,
  };
