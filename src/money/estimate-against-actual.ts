// Estimate and actual cost side by side, once there is something actual to show.
import type { Estimate, TaskResult } from '../types.ts';

/** Nano-dollars. `actual` is null for a task that has no result yet, or was never begun. */
export interface CostRow {
  readonly expectedNanoUsd: number;
  readonly worstNanoUsd: number;
  readonly actualNanoUsd: number | null;
}

export interface CostComparison {
  /** In the order of the plan. */
  readonly tasks: readonly (CostRow & { readonly taskId: string })[];
  /** Planning is on both sides; escalation and review are on the actual side only, as nobody plans for them. */
  readonly run: CostRow;
}

/** @param spentNanoUsd of the whole run so far */
export function estimateAgainstActual(
  estimate: Estimate,
  results: readonly TaskResult[],
  spentNanoUsd: number,
): CostComparison {
  const actual = new Map(
    results.map(({ task, usage, status }) => [task.id, status === 'skipped' ? null : usage.costNanoUsd]),
  );
  const { expectedNanoUsd, worstNanoUsd } = estimate;
  return {
    tasks: estimate.tasks.map((task) => ({
      taskId: task.taskId,
      expectedNanoUsd: task.expectedNanoUsd,
      worstNanoUsd: task.worstNanoUsd,
      actualNanoUsd: actual.get(task.taskId) ?? null,
    })),
    run: { expectedNanoUsd, worstNanoUsd, actualNanoUsd: spentNanoUsd },
  };
}
