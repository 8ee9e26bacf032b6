// The limits of a run as ceilings, and how much room a call has below each.
import type { LimitReached, Limits } from '../types.ts';
import type { Amount, Owner, Sums } from './books.ts';
import { formatUsd } from './format-usd.ts';
import { laterThan, sliceOf, type Purpose } from './slices.ts';

export type MoneyLimits = Omit<Limits, 'maxTurnsPerTask' | 'timeoutMs'>;

/** What runs before this one cost on the same UTC day, in nano-dollars (see spent-today.ts). */
export interface SpentToday {
  readonly repositoryNanoUsd: number;
  readonly personNanoUsd: number;
}

export interface Ceiling {
  /** Key of the configuration. */
  readonly limit: string;
  readonly unit: keyof Amount;
  readonly value: number;
  /** Used up before this run began. */
  readonly earlier: number;
  /** Of one task; else of the whole run. */
  readonly isTasks: boolean;
}

/** Nano-dollars that a plan expects of tasks that have not ended, by task id. */
export type Expected = ReadonlyMap<string, number>;

/** The limits that are set, those first that are named first where several forbid a call. */
export function ceilingsOf(limits: MoneyLimits, today: SpentToday): readonly Ceiling[] {
  const ceiling = (limit: string, unit: keyof Amount, value: number | null | undefined, earlier = 0): Ceiling[] =>
    value === null || value === undefined ? [] : [{ limit, unit, value, earlier, isTasks: false }];
  const usd = [
    ...ceiling('limits.cost_limit_usd', 'nanoUsd', limits.costLimitNanoUsd),
    ...ceiling('limits.daily_cost_limit_usd', 'nanoUsd', limits.dailyCostLimitNanoUsd, today.repositoryNanoUsd),
    ...ceiling(
      'limits.daily_cost_limit_per_person_usd',
      'nanoUsd',
      limits.dailyCostLimitPerPersonNanoUsd,
      today.personNanoUsd,
    ),
  ];
  return [
    ...ceiling('limits.max_api_calls', 'calls', limits.maxApiCalls),
    ...ceiling('limits.token_budget', 'tokens', limits.tokenBudget),
    // The one that leaves least is the one that people have to raise.
    ...usd.sort((a, b) => a.value - a.earlier - (b.value - b.earlier)),
    ...ceiling('limits.max_cost_per_task_usd', 'nanoUsd', limits.maxCostPerTaskNanoUsd).map((one) => ({
      ...one,
      isTasks: true,
    })),
  ];
}

/** How strictly money is kept for others: `slices` and for other tasks; `slices` alone; `nothing` is kept. */
export type Kept = 'all' | 'slices' | 'nothing';

/** What a call of `owner` can take under a ceiling, in the ceiling's unit; below 0 where others have more already. */
export function roomBelow(ceiling: Ceiling, owner: Owner, kept: Kept, used: Sums, expected: Expected): number {
  const { unit, isTasks, value, earlier } = ceiling;
  if (isTasks) return isTask(owner) ? value - used.ofAgent(owner.agent)[unit] : Number.POSITIVE_INFINITY;
  const left = value - earlier - used.run[unit];
  if (kept === 'nothing' || unit === 'calls') return left;
  const forTasks = kept === 'all' && unit === 'nanoUsd' ? keptForTasks(ceiling, owner, used, expected) : 0;
  return left - keptForLater(ceiling, owner.purpose, used) - forTasks;
}

function keptForLater({ unit, value, earlier }: Ceiling, purpose: Purpose, used: Sums): number {
  const unused = laterThan(purpose).map((later) => Math.max(0, sliceOf(later, value - earlier) - used.of(later)[unit]));
  return unused.reduce((sum, part) => sum + part, 0);
}

/** For each other task what the plan expects of it, at most its share of the tasks' slice; less what it has used. */
function keptForTasks({ value, earlier }: Ceiling, { agent }: Owner, used: Sums, expected: Expected): number {
  let sum = 0;
  for (const nanoUsd of expected.values()) sum += nanoUsd;
  const slice = sliceOf('task', value - earlier);
  let kept = 0;
  for (const [taskId, nanoUsd] of expected) {
    if (taskId === agent) continue;
    const share = sum > slice ? Math.floor((slice * nanoUsd) / sum) : nanoUsd;
    kept += Math.max(0, share - used.ofAgent(taskId).nanoUsd);
  }
  return kept;
}

const isTask = ({ agent }: Owner): boolean => agent.startsWith('TASK-');

/** The limit in words: its key, its value, and what was used of it. */
export function limitReached(
  { limit, unit, value, earlier, isTasks }: Ceiling,
  agent: string,
  spent: Sums,
): LimitReached {
  const used = earlier + (isTasks ? spent.ofAgent(agent) : spent.run)[unit];
  const words = { calls: String, tokens: (count: number) => `${count} tokens`, nanoUsd: formatUsd }[unit];
  return { limit, value: words(value), spent: words(used) };
}
