// What a plan should cost, before it is run.
import type { Estimate, Limits, Task, TaskEstimate } from '../types.ts';

export interface EstimateContext {
  /** Price in nano-dollars of a number of tokens for the role of a task. */
  readonly priceForRole: (
    role: string,
    tokens: { inputTokens: number; outputTokens: number; cacheReadTokens: number; cacheWriteTokens: number },
  ) => number;
  readonly maxTokensOf: (role: string) => number;
  readonly limits: Limits;
  /** Already spent when the plan stands (the planning calls). */
  readonly spentNanoUsd: number;
}

/**
 * Tokens of a usual turn of a cached loop: the conversation so far is read, the last result is written, a short reply
 * comes out. Means of coding-agent runs on mid-size repositories; replaced by this repository's own history later.
 */
const USUAL_TURN = { inputTokens: 0, cacheReadTokens: 30_000, cacheWriteTokens: 2_000, outputTokens: 400 };
/** A bad turn: the context is at its practical ceiling and the reply is as long as allowed. */
const BAD_TURN = { inputTokens: 0, cacheReadTokens: 120_000, cacheWriteTokens: 8_000 };

/** Expected and worst case per task and in all; the worst case of the run never exceeds its cost limit. */
export function estimatePlan(tasks: readonly Task[], context: EstimateContext): Estimate {
  const each = tasks.map((task): TaskEstimate => {
    const usual = context.priceForRole(task.role, USUAL_TURN);
    const bad = context.priceForRole(task.role, { ...BAD_TURN, outputTokens: context.maxTokensOf(task.role) });
    return {
      taskId: task.id,
      turns: task.estimatedTurns,
      expectedNanoUsd: Math.round(task.estimatedTurns * usual),
      worstNanoUsd: atMost(Math.round(context.limits.maxTurnsPerTask * bad), context.limits.costLimitNanoUsd),
    };
  });
  const sum = (pick: (task: TaskEstimate) => number) =>
    each.reduce((total, task) => total + pick(task), context.spentNanoUsd);
  return {
    tasks: each,
    expectedNanoUsd: sum((task) => task.expectedNanoUsd),
    worstNanoUsd: atMost(
      sum((task) => task.worstNanoUsd),
      context.limits.costLimitNanoUsd,
    ),
  };
}

const atMost = (value: number, limit: number | null): number => (limit === null ? value : Math.min(value, limit));
