// What an attempt at a model call comes to, in one shape for all providers. An adapter makes attempts; model-course.ts
// decides what follows.
import type { ContentBlock, StopReason } from '../messages.ts';
import type { BilledTokens } from '../money/price-usage.ts';
import type { ModelReply } from '../ports.ts';

export type FailureReason = Extract<ModelReply, { kind: 'failed' }>['reason'];

export interface AttemptFailure {
  /** `context-exceeded`: the prompt is too long; the caller gets a reply that stopped for it, so there is one such case. */
  readonly reason: FailureReason | 'context-exceeded';
  readonly message: string;
  readonly mayRetry: boolean;
  /** Nobody is at the address: it is most often wrong, unless somebody answered there before. */
  readonly isAddressDead?: boolean;
  /** The reply only repeated itself: one more try, not ten. */
  readonly isRunaway?: boolean;
  /** The service has too much to do, or too much from us: the shared breaker is told (see overload-breaker.ts). */
  readonly pressure?: 'overloaded' | 'rate-limit';
  /** What the service asks to wait, in milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;
  /** `none`: refused or never sent. `if-begun`: billed only if the reply had begun. `assumed`: nobody can tell. */
  readonly cost: 'none' | 'if-begun' | 'assumed';
}

export type AttemptResult =
  | {
      readonly kind: 'reply';
      readonly content: readonly ContentBlock[];
      readonly stopReason: StopReason;
      readonly tokens: BilledTokens;
      /** What the conversation holds, estimated; absent where `tokens` are as reported. */
      readonly contextTokens?: number;
    }
  /** `lost` is the most that the attempt can have cost; null when it cost nothing. */
  | { readonly kind: 'failed'; readonly failure: AttemptFailure; readonly lost: BilledTokens | null };

export type FailedAttempt = Extract<AttemptResult, { kind: 'failed' }>;

/** We cut the attempt: no sign of life, out of time, told to stop, or a reply that only repeats itself. */
export class AttemptCut extends Error {
  readonly why: 'silence' | 'deadline' | 'aborted' | 'runaway';

  constructor(why: AttemptCut['why'], message: string) {
    super(message);
    this.name = 'AttemptCut';
    this.why = why;
  }
}

/** A failure that may pass and may have cost money: what most kinds differ from in a field or two. */
export const lostAttempt = {
  reason: 'network',
  mayRetry: true,
  retryAfterMs: null,
  cost: 'assumed',
  message: '',
} as const satisfies AttemptFailure;

/** A cut as a failure. Silence and a runaway reply may pass; a stop and a deadline are final. */
export function failureOfCut({ why, message }: AttemptCut): AttemptFailure {
  // The service is there, but this model does not serve now: for the caller that is the same as one that is overloaded.
  if (why === 'runaway') return { ...lostAttempt, reason: 'overloaded', retryAfterMs: 0, isRunaway: true, message };
  if (why === 'aborted') return { ...lostAttempt, reason: 'aborted', mayRetry: false, message };
  return { ...lostAttempt, mayRetry: why !== 'deadline', message };
}
