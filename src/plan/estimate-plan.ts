// What a plan should cost, before it is run.
import type { Estimate, Limits, Task, TaskEstimate } from '../types.ts';

/** One task of an earlier run on this repository. */
export interface TaskRecord {
  readonly role: string;
  readonly turns: number;
  readonly costNanoUsd: number;
}

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
  /** Of this repository; none unless said. */
  readonly history?: readonly TaskRecord[];
}

/**
 * Tokens of a usual turn of a cached loop: the conversation so far is read, the last result is written, a short reply
 * comes out. Means of coding-agent runs on mid-size repositories.
 */
const USUAL_TURN = { inputTokens: 0, cacheReadTokens: 30_000, cacheWriteTokens: 2_000, outputTokens: 400 };
/** A bad turn: the context is at its practical ceiling and the reply is as long as allowed. */
const BAD_TURN = { inputTokens: 0, cacheReadTokens: 120_000, cacheWriteTokens: 8_000 };
/**
 * Tasks that the built-in mean counts as, beside those of the history: with so many earlier tasks both weigh the same.
 * Costs of single tasks scatter by a factor of two to three, so a mean of fewer says little.
 */
const TASKS_OF_PRIOR = 5;

/**
 * Expected and worst case per task and in all; the worst case never exceeds a cost limit of task or run.
 *
 * A task is expected to cost its estimated turns times the mean cost of a turn of its role. That mean is
 * `(5 x built-in mean + n x own mean) / (5 + n)`, where n is how many earlier tasks of the role took a turn, and the own
 * mean what all of them cost by the turns that all of them took: no history leaves the built-in mean as it is.
 */
export function estimatePlan(tasks: readonly Task[], context: EstimateContext): Estimate {
  const { costLimitNanoUsd, maxCostPerTaskNanoUsd = null, maxTurnsPerTask } = context.limits;
  const each = tasks.map((task): TaskEstimate => {
    const bad = context.priceForRole(task.role, { ...BAD_TURN, outputTokens: context.maxTokensOf(task.role) });
    const worst = Math.round(maxTurnsPerTask * bad);
    return {
      taskId: task.id,
      turns: task.estimatedTurns,
      expectedNanoUsd: Math.round(task.estimatedTurns * meanTurnNanoUsd(task.role, context)),
      worstNanoUsd: atMost(atMost(worst, maxCostPerTaskNanoUsd), costLimitNanoUsd),
    };
  });
  const sum = (pick: (task: TaskEstimate) => number) =>
    each.reduce((total, task) => total + pick(task), context.spentNanoUsd);
  return {
    tasks: each,
    expectedNanoUsd: sum((task) => task.expectedNanoUsd),
    worstNanoUsd: atMost(
      sum((task) => task.worstNanoUsd),
      costLimitNanoUsd,
    ),
  };
}

function meanTurnNanoUsd(role: string, { priceForRole, history = [] }: EstimateContext): number {
  const own = history.filter((record) => record.role === role && record.turns > 0);
  const builtIn = priceForRole(role, USUAL_TURN);
  if (own.length === 0) return builtIn;
  const turns = own.reduce((sum, record) => sum + record.turns, 0);
  const costNanoUsd = own.reduce((sum, record) => sum + record.costNanoUsd, 0);
  return (TASKS_OF_PRIOR * builtIn + own.length * (costNanoUsd / turns)) / (TASKS_OF_PRIOR + own.length);
}

const atMost = (value: number, limit: number | null): number => (limit === null ? value : Math.min(value, limit));
