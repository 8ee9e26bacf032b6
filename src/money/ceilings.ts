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

/** What a plan expects of tasks that have not ended, in nano-dollars. */
export interface Expected {
  readonly byTask: ReadonlyMap<string, number>;
  /** Of all of them. */
  readonly sum: number;
}

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

export interface RoomContext {
  readonly kept: Kept;
  readonly used: Sums;
  readonly expected: Expected;
  /** What the call would like to take. */
  readonly wanted: Amount;
}

/**
 * What a call of `owner` can take under a ceiling, in the ceiling's unit; below 0 where others have more already. Where
 * that is no less than is wanted, it may be any such number: far from a limit nothing has to be added up.
 */
export function roomBelow(ceiling: Ceiling, owner: Owner, { kept, used, expected, wanted }: RoomContext): number {
  const { unit, isTasks, value, earlier } = ceiling;
  if (isTasks) return isTask(owner) ? value - used.ofAgent(owner.agent)[unit] : Number.POSITIVE_INFINITY;
  const whole = value - earlier;
  const left = whole - used.run[unit];
  if (kept === 'nothing' || unit === 'calls') return left;
  const slice = kept === 'all' && unit === 'nanoUsd' ? sliceOf('task', whole) : 0;
  const afterMost = left - laterSlices(owner.purpose, whole) - Math.min(slice, expected.sum);
  if (afterMost >= wanted[unit]) return afterMost;
  return left - keptForLater(ceiling, owner.purpose, used) - keptForTasks(slice, owner, used, expected);
}

const laterSlices = (purpose: Purpose, whole: number): number =>
  laterThan(purpose).reduce((sum, later) => sum + sliceOf(later, whole), 0);

function keptForLater({ unit, value, earlier }: Ceiling, purpose: Purpose, used: Sums): number {
  const unused = laterThan(purpose).map((later) => Math.max(0, sliceOf(later, value - earlier) - used.of(later)[unit]));
  return unused.reduce((sum, part) => sum + part, 0);
}

/** For each other task what the plan expects of it, at most its share of the tasks' slice; less what it has used. */
function keptForTasks(slice: number, { agent }: Owner, used: Sums, { byTask, sum }: Expected): number {
  let kept = 0;
  for (const [taskId, nanoUsd] of byTask) {
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
