// The course of a model call, the same for all providers: tries again where that helps, in time and within the limits,
// and accounts for every attempt. An adapter gives one attempt; all else is here.
import { RunError } from '../errors.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import { usageOf } from '../money/price-usage.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { Clock, ModelReply, ModelRequest } from '../ports.ts';
import type { Usage } from '../types.ts';
import { startDeadline, type Deadline } from './call-deadline.ts';
import type { AttemptFailure, AttemptResult, FailedAttempt } from './model-attempt.ts';
import { createOverloadBreaker, type AttemptOutcome, type OverloadBreaker } from './overload-breaker.ts';
import { createPrefixGate, type PrefixGate } from './prefix-gate.ts';
import { delayBeforeRetry } from './retry-delay.ts';

export interface CourseOptions {
  readonly clock: Clock;
  /** Price of a model, or null (see money/prices.ts). */
  readonly priceOf: (model: string) => ModelPrice | null;
  /** A number from 0 up to 1, for the spread of delays; Math.random unless said. */
  readonly chance?: () => number;
  /** One for all adapters of a run; a new one unless said. */
  readonly breaker?: OverloadBreaker;
  /** Whether the caller goes on with another model when this one is overloaded. False unless said. */
  readonly hasFallback?: (model: string) => boolean;
  /** Before each wait for another try; `attempt` is the number of the one that failed, from 1. */
  readonly onRetry: (attempt: number, reason: string, delayMs: number) => void;
}

/** One call, ready to be sent as often as needed. */
export interface PlannedCall {
  /** As sent: what each try can have as output. */
  readonly maxTokens: number;
  /** Most input tokens of a try (see money/input-bound.ts). */
  readonly inputUpperTokens: number;
  /** The same for calls that share a cached prefix (see prefix-key.ts); null where holding them back saves nothing. */
  readonly prefixKey: string | null;
  /**
   * Sends once and reads the reply to its end or its failure. It may answer the next try otherwise than the last (leave
   * something out, give up): it knows how often it was called. Throws only for a bug of ours.
   * @param signal its reason is an AttemptCut
   * @param onBegun to be called when the service has begun to answer: its cache can be read from then on
   */
  readonly attempt: (signal: AbortSignal, onBegun: () => void) => Promise<AttemptResult>;
}

/**
 * Runs a call to its reply or its last failure. Usage includes attempts that were lost on the way, each at the most it
 * can have cost; attempts that were refused cost nothing and are no requests.
 * @throws RunError `model-unpriced` for a model without a price
 */
export type Course = (
  request: ModelRequest,
  plan: (price: ModelPrice) => PlannedCall,
  signal?: AbortSignal,
) => Promise<ModelReply>;

/** One for each service: it remembers whether anybody ever answered there, and which prefixes can be read. */
export function createCourse(options: CourseOptions): Course {
  const breaker = options.breaker ?? createOverloadBreaker();
  const deps: Deps = {
    ...options,
    breaker,
    gate: createPrefixGate(options.clock),
    service: { hasAnswered: false },
  };
  return (request, plan, signal) => run(deps, request, plan, signal);
}

interface Deps extends CourseOptions {
  readonly breaker: OverloadBreaker;
  readonly gate: PrefixGate;
  readonly service: { hasAnswered: boolean };
}

async function run(
  deps: Deps,
  request: ModelRequest,
  plan: (price: ModelPrice) => PlannedCall,
  signal: AbortSignal | undefined,
): Promise<ModelReply> {
  const price = deps.priceOf(request.model);
  if (price === null) throw new RunError('model-unpriced', { model: request.model });
  const deadline = startDeadline(deps.clock, signal);
  try {
    const planned = plan(price);
    const call: Call = {
      ...planned,
      price,
      deadline,
      model: request.model,
      reserveAgain: request.reserveAgain ?? (() => null),
    };
    const { result, lost } = await tryUntilDone(deps, call);
    return replyOf(result, lost, price, deps.clock.now() - deadline.startedAt());
  } finally {
    deadline.end();
  }
}

interface Call extends PlannedCall {
  readonly model: string;
  readonly price: ModelPrice;
  readonly deadline: Deadline;
  /** Reserves one more try; the name of the limit that forbids it, or null. */
  readonly reserveAgain: () => string | null;
}

interface Done {
  readonly result: AttemptResult;
  readonly lost: Usage;
}

async function tryUntilDone(deps: Deps, call: Call): Promise<Done> {
  let lost = noUsage;
  const { chance = Math.random, hasFallback = () => false, service } = deps;
  for (let tried = 1; ; tried++) {
    const result = await attemptInTurn(deps, call);
    if (result.kind === 'reply' || hasAnswered(result.failure)) service.hasAnswered = true;
    if (result.kind === 'reply') return { result, lost };
    if (result.lost !== null) lost = addUsage(lost, usageOf(call.price, result.lost));
    const delay = delayBeforeRetry(result.failure, {
      tried,
      leftMs: call.deadline.leftMs(),
      hasAnswered: service.hasAnswered,
      hasFallback: hasFallback(call.model),
      chance,
    });
    if (delay.ms === null) return { result: explained(result, delay.why), lost };
    const limit = result.lost === null ? null : call.reserveAgain();
    if (limit !== null) return { result: explained(result, `not tried again because of ${limit}`), lost };
    deps.onRetry(tried, result.failure.message, delay.ms);
    // A wait that is cut short needs no answer here: the next attempt fails at once with the reason.
    await deps.clock.sleep(delay.ms, call.deadline.signal).catch(() => undefined);
  }
}

/**
 * One attempt, when its prefix can be read and the service bears one more. First the prefix, then the slot: who holds a
 * slot waits for nothing but the service, so nobody can wait in a circle. Neither is held during a wait for a retry.
 */
async function attemptInTurn({ gate, breaker }: Deps, call: Call): Promise<AttemptResult> {
  const { signal } = call.deadline;
  const pass = await gate.enter(call.prefixKey, signal);
  let outcome: AttemptOutcome = 'other';
  try {
    const slot = await breaker.enter(signal);
    try {
      call.deadline.start();
      const result = await call.attempt(signal, pass.begun);
      outcome = result.kind === 'reply' ? 'success' : (result.failure.pressure ?? 'other');
      return result;
    } finally {
      slot.end(outcome);
    }
  } finally {
    pass.end();
  }
}

function replyOf(result: AttemptResult, lost: Usage, price: ModelPrice, durationMs: number): ModelReply {
  if (result.kind === 'reply') {
    const { content, stopReason, tokens } = result;
    const usage = usageOf(price, tokens);
    const contextTokens = result.contextTokens ?? tokensIn(usage);
    return { kind: 'reply', content, stopReason, usage: addUsage(lost, usage), durationMs, contextTokens };
  }
  const { reason, message } = result.failure;
  if (reason !== 'context-exceeded') return { kind: 'failed', reason, message, usage: lost };
  return { kind: 'reply', content: [], stopReason: 'context_exceeded', usage: lost, durationMs };
}

const tokensIn = ({ inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }: Usage): number =>
  inputTokens + cacheReadTokens + cacheWriteTokens + outputTokens;

const explained = (result: FailedAttempt, why: string | null): FailedAttempt =>
  why === null ? result : { ...result, failure: { ...result.failure, message: `${result.failure.message} (${why})` } };

/** A failure with words of the service; those of the network and our own cuts say nothing of the address. */
const hasAnswered = ({ reason }: AttemptFailure): boolean => reason !== 'network' && reason !== 'aborted';
