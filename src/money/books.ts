// Sums of what calls take of a run's limits, in all and by what they are for and whose they are.
import type { Usage } from '../types.ts';
import type { Purpose } from './slices.ts';

/** What one or more calls take: of `limits.max_api_calls`, of `limits.token_budget` (input, cached or not, and output), of money. */
export interface Amount {
  readonly calls: number;
  readonly tokens: number;
  readonly nanoUsd: number;
}

export interface Owner {
  readonly purpose: Purpose;
  /** Who asks: a task id, `manager`, `reviewer`. */
  readonly agent: string;
}

export interface Sums {
  readonly run: Amount;
  of(purpose: Purpose): Amount;
  ofAgent(agent: string): Amount;
}

export interface Books extends Sums {
  add(amount: Amount, owner: Owner): void;
  /** Says whose a part of what the books began with was. */
  claim(amount: Amount, owner: Owner): void;
  subtract(amount: Amount, owner: Owner): void;
}

const nothing: Amount = { calls: 0, tokens: 0, nanoUsd: 0 };

const plus = (a: Amount, b: Amount): Amount => ({
  calls: a.calls + b.calls,
  tokens: a.tokens + b.tokens,
  nanoUsd: a.nanoUsd + b.nanoUsd,
});

const minus = (a: Amount, b: Amount): Amount => ({
  calls: a.calls - b.calls,
  tokens: a.tokens - b.tokens,
  nanoUsd: a.nanoUsd - b.nanoUsd,
});

/** @param before what is in them from the start, without an owner */
export function openBooks(before: Amount = nothing): Books {
  let run = before;
  const purposes = new Map<Purpose, Amount>();
  const agents = new Map<string, Amount>();
  const assign = (by: (sum: Amount) => Amount, { purpose, agent }: Owner): void => {
    purposes.set(purpose, by(purposes.get(purpose) ?? nothing));
    agents.set(agent, by(agents.get(agent) ?? nothing));
  };
  const change = (by: (sum: Amount) => Amount, owner: Owner): void => {
    run = by(run);
    assign(by, owner);
  };
  return {
    get run() {
      return run;
    },
    of: (purpose) => purposes.get(purpose) ?? nothing,
    ofAgent: (agent) => agents.get(agent) ?? nothing,
    add: (amount, owner) => change((sum) => plus(sum, amount), owner),
    claim: (amount, owner) => assign((sum) => plus(sum, amount), owner),
    subtract: (amount, owner) => change((sum) => minus(sum, amount), owner),
  };
}

/** Two books read as one. */
export const together = (a: Sums, b: Sums): Sums => ({
  run: plus(a.run, b.run),
  of: (purpose) => plus(a.of(purpose), b.of(purpose)),
  ofAgent: (agent) => plus(a.ofAgent(agent), b.ofAgent(agent)),
});

/** What reported usage takes of the limits. */
export const amountOf = (usage: Usage): Amount => ({
  calls: usage.requests,
  tokens: usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens,
  nanoUsd: usage.costNanoUsd,
});
