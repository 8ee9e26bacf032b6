// The one account of a run. Every call is reserved at its worst case before it is made and settled after it, so what is
// spent can never pass a limit, whatever runs in parallel.
import { RunError } from '../errors.ts';
import type { LimitReached, Limits, Usage } from '../types.ts';
import { formatUsd } from './format-usd.ts';
import type { ModelPrice } from './model-table.ts';
import { worstCaseNanoUsd } from './price-usage.ts';
import { addUsage, noUsage } from './usage.ts';

export interface PlannedCall {
  readonly model: string;
  /** Most input tokens the call can have (see input-bound.ts). */
  readonly inputUpperTokens: number;
  readonly maxTokens: number;
}

/** A call that may be made. Opaque to callers; settled exactly once. */
export interface Reservation {
  readonly tokens: number;
  readonly nanoUsd: number;
}

export type Reserved =
  | { readonly ok: true; readonly reservation: Reservation }
  /** `mayFitLater`: it is other calls under way that leave no room; what they do not use comes back. */
  | { readonly ok: false; readonly limit: LimitReached; readonly mayFitLater: boolean };

export interface Ledger {
  /**
   * Sets aside the worst case of one call, or names the limit that it could pass.
   * @throws RunError `model-unpriced` for a model without a price
   */
  reserve(call: PlannedCall): Reserved;
  /** Replaces a reservation by what was used. A call that was never made is settled with `noUsage` of usage.ts. */
  settle(reservation: Reservation, usage: Usage): void;
  /** Resolves at the next settlement; never when no call is under way. */
  whenSettled(): Promise<void>;
  /** Settled usage of the run so far. */
  spent(): Usage;
  /** Worst case of the calls under way, in nano-dollars. */
  reservedNanoUsd(): number;
}

/** @param deps.priceOf price of a model, or null (see prices.ts) */
export function createLedger(deps: {
  readonly limits: Pick<Limits, 'maxApiCalls' | 'tokenBudget' | 'costLimitNanoUsd'>;
  readonly priceOf: (model: string) => ModelPrice | null;
}): Ledger {
  const open = new Set<Reservation>();
  const waiting = new Set<() => void>();
  let spent = noUsage;

  const reservedOf = (amount: (reservation: Reservation) => number): number =>
    [...open].reduce((sum, reservation) => sum + amount(reservation), 0);

  return {
    reserve(call) {
      const reservation = worstCaseOf(call, deps.priceOf(call.model));
      const alone: Totals = {
        calls: spent.requests + 1,
        tokens: tokensOf(spent) + reservation.tokens,
        nanoUsd: spent.costNanoUsd + reservation.nanoUsd,
      };
      const atWorst: Totals = {
        calls: alone.calls + open.size,
        tokens: alone.tokens + reservedOf((r) => r.tokens),
        nanoUsd: alone.nanoUsd + reservedOf((r) => r.nanoUsd),
      };
      const limit = limitPassed(deps.limits, atWorst, spent);
      if (limit !== null) return { ok: false, limit, mayFitLater: limitPassed(deps.limits, alone, spent) === null };
      open.add(reservation);
      return { ok: true, reservation };
    },
    settle(reservation, usage) {
      if (!open.delete(reservation)) throw new Error('a reservation was settled twice or never made');
      spent = addUsage(spent, usage);
      for (const resume of waiting) resume();
      waiting.clear();
    },
    whenSettled: () => new Promise((resume) => waiting.add(resume)),
    spent: () => spent,
    reservedNanoUsd: () => reservedOf((r) => r.nanoUsd),
  };
}

interface Totals {
  readonly calls: number;
  readonly tokens: number;
  readonly nanoUsd: number;
}

function worstCaseOf(call: PlannedCall, price: ModelPrice | null): Reservation {
  if (price === null) throw new RunError('model-unpriced', { model: call.model });
  return { tokens: call.inputUpperTokens + call.maxTokens, nanoUsd: worstCaseNanoUsd(price, call) };
}

function limitPassed(
  limits: Pick<Limits, 'maxApiCalls' | 'tokenBudget' | 'costLimitNanoUsd'>,
  atWorst: Totals,
  spent: Usage,
): LimitReached | null {
  if (limits.maxApiCalls !== null && atWorst.calls > limits.maxApiCalls)
    return { limit: 'limits.max_api_calls', value: String(limits.maxApiCalls), spent: String(spent.requests) };
  if (limits.tokenBudget !== null && atWorst.tokens > limits.tokenBudget)
    return {
      limit: 'limits.token_budget',
      value: `${limits.tokenBudget} tokens`,
      spent: `${tokensOf(spent)} tokens`,
    };
  if (limits.costLimitNanoUsd !== null && atWorst.nanoUsd > limits.costLimitNanoUsd)
    return {
      limit: 'limits.cost_limit_usd',
      value: formatUsd(limits.costLimitNanoUsd),
      spent: formatUsd(spent.costNanoUsd),
    };
  return null;
}

/** All input, cached or not, and output: what `limits.token_budget` counts. */
function tokensOf(usage: Usage): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens;
}
