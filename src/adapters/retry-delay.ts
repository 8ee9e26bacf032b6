// When a failed attempt is made again, or why it is not.
import type { AttemptFailure } from './model-attempt.ts';

const MAX_TRIES = 10;
/** Where nobody ever answered at the address, which is then most often wrong. */
const MAX_TRIES_AT_DEAD_ADDRESS = 3;
/** A model that goes in a circle twice will do so again. */
const MAX_RUNAWAY_TRIES = 2;
const MAX_SERVER_DELAY_MS = 120_000;
const MAX_OWN_DELAY_MS = 60_000;

export interface Retry {
  /** Attempts so far, the failed one among them. */
  readonly tried: number;
  /** What the call's deadline leaves. */
  readonly leftMs: number;
  /** Whether anybody ever answered at the address. */
  readonly hasAnswered: boolean;
  /** Whether the caller can go on with another model. */
  readonly hasFallback: boolean;
  /** A number from 0 up to 1. */
  readonly chance: () => number;
}

/** Null: no other try, with the reason where there is one to tell. */
export type Delay = { readonly ms: number } | { readonly ms: null; readonly why: string | null };

/**
 * What the service asks for; else anything up to 1, 2, 4 ... 60 seconds. A wait that the service wants longer than two
 * minutes ends the call where another model can go on; where none can, it is waited for as long as the call has time:
 * a slow end is better than none, and the slot is free meanwhile.
 */
export function delayBeforeRetry(failure: AttemptFailure, { tried, leftMs, ...at }: Retry): Delay {
  const why = tried === 1 ? null : `after ${tried} tries`;
  if (!failure.mayRetry || tried >= maxTriesFor(failure, at.hasAnswered)) return { ms: null, why };
  const asked = failure.retryAfterMs;
  if (asked === null) {
    const ms = Math.round(at.chance() * Math.min(MAX_OWN_DELAY_MS, 1_000 * 2 ** (tried - 1)));
    return ms < leftMs ? { ms } : { ms: null, why };
  }
  const isTooLong = asked > MAX_SERVER_DELAY_MS && at.hasFallback;
  return !isTooLong && asked < leftMs
    ? { ms: asked }
    : { ms: null, why: `it asks to wait ${Math.ceil(asked / 1000)} seconds` };
}

function maxTriesFor({ isAddressDead, isRunaway }: AttemptFailure, hasAnswered: boolean): number {
  if (isRunaway === true) return MAX_RUNAWAY_TRIES;
  return isAddressDead === true && !hasAnswered ? MAX_TRIES_AT_DEAD_ADDRESS : MAX_TRIES;
}
