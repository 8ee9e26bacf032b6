// The course of a model call, the same for all providers: tries again where that helps, in time and within the limits,
// and accounts for every attempt. An adapter gives one attempt; all else is here.
import { RunError } from '../errors.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import { usageOf } from '../money/price-usage.ts';
import type { Ledger, Reservation } from '../money/ledger.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { Clock, ModelReply, ModelRequest } from '../ports.ts';
import type { Usage } from '../types.ts';
import { AttemptCut, type AttemptFailure, type AttemptResult, type FailedAttempt } from './model-attempt.ts';

const MAX_TRIES = 10;
/** Where nobody ever answered at the address, which is then most often wrong. */
const MAX_TRIES_AT_DEAD_ADDRESS = 3;
/** For one call with all its tries. Give it to an SDK as its time-out too. */
export const CALL_DEADLINE_MS = 15 * 60_000;
const MAX_SERVER_DELAY_MS = 120_000;
const MAX_OWN_DELAY_MS = 60_000;

export interface CourseOptions {
  readonly clock: Clock;
  /** Price of a model, or null (see money/prices.ts). */
  readonly priceOf: (model: string) => ModelPrice | null;
  /**
   * Where the tries that follow a lost one are reserved; the first was reserved by the caller. Without it such tries are
   * priced but not held against the limits.
   */
  readonly ledger?: Pick<Ledger, 'reserve' | 'settle'>;
  /** A number from 0 up to 1, for the spread of delays; Math.random unless said. */
  readonly chance?: () => number;
  /** Before each wait for another try; `attempt` is the number of the one that failed, from 1. */
  readonly onRetry: (attempt: number, reason: string, delayMs: number) => void;
}

/** One call, ready to be sent as often as needed. */
export interface PlannedCall {
  /** As sent: what each try can have as output. */
  readonly maxTokens: number;
  /** Most input tokens of a try (see money/input-bound.ts). */
  readonly inputUpperTokens: number;
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

/** One for each service: it remembers whether anybody ever answered there. */
export function createCourse(options: CourseOptions): Course {
  const service = { hasAnswered: false };
  return (request, plan, signal) => run({ ...options, service }, request, plan, signal);
}

interface Deps extends CourseOptions {
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
  const startedAt = deps.clock.now();
  const cut = cutter(deps.clock, signal);
  const reservations: Reservation[] = [];
  try {
    const planned = plan(price);
    const call: Call = {
      ...planned,
      price,
      signal: cut.signal,
      deadlineAt: startedAt + CALL_DEADLINE_MS,
      reserveAgain: () => reserveAgain(deps, request.model, planned, reservations),
    };
    const { result, lost } = await tryUntilDone(deps, call);
    return replyOf(result, lost, price, deps.clock.now() - startedAt);
  } finally {
    cut.end();
    releaseLater(deps, reservations);
  }
}

interface Call extends PlannedCall {
  readonly price: ModelPrice;
  readonly signal: AbortSignal;
  readonly deadlineAt: number;
  /** Reserves one more try; the name of the limit that forbids it, or null. */
  readonly reserveAgain: () => string | null;
}

interface Done {
  readonly result: AttemptResult;
  readonly lost: Usage;
}

async function tryUntilDone(deps: Deps, call: Call): Promise<Done> {
  let lost = noUsage;
  for (let tried = 1; ; tried++) {
    const result = await call.attempt(call.signal, () => undefined);
    if (result.kind === 'reply' || hasAnswered(result.failure)) deps.service.hasAnswered = true;
    if (result.kind === 'reply') return { result, lost };
    if (result.lost !== null) lost = addUsage(lost, usageOf(call.price, result.lost));
    const delayMs = delayBeforeRetry(result.failure, tried, deps);
    if (delayMs === null || deps.clock.now() + delayMs >= call.deadlineAt)
      return { result: afterTries(result, tried), lost };
    const limit = result.lost === null ? null : call.reserveAgain();
    if (limit !== null) return { result: explained(result, `not tried again because of ${limit}`), lost };
    deps.onRetry(tried, result.failure.message, delayMs);
    // A wait that is cut short needs no answer here: the next attempt fails at once with the reason.
    await deps.clock.sleep(delayMs, call.signal).catch(() => undefined);
  }
}

function replyOf(result: AttemptResult, lost: Usage, price: ModelPrice, durationMs: number): ModelReply {
  if (result.kind === 'reply') {
    const { content, stopReason, tokens } = result;
    return { kind: 'reply', content, stopReason, usage: addUsage(lost, usageOf(price, tokens)), durationMs };
  }
  const { reason, message } = result.failure;
  if (reason !== 'context-exceeded') return { kind: 'failed', reason, message, usage: lost };
  return { kind: 'reply', content: [], stopReason: 'context_exceeded', usage: lost, durationMs };
}

const afterTries = (result: FailedAttempt, tried: number): FailedAttempt =>
  tried === 1 ? result : explained(result, `after ${tried} tries`);

const explained = (result: FailedAttempt, why: string): FailedAttempt => ({
  ...result,
  failure: { ...result.failure, message: `${result.failure.message} (${why})` },
});

/** A failure with words of the service; those of the network and our own cuts say nothing of the address. */
const hasAnswered = ({ reason }: AttemptFailure): boolean => reason !== 'network' && reason !== 'aborted';

/** What the service asks for, up to two minutes; else anything up to 1, 2, 4 ... 60 seconds. Null: no other try. */
function delayBeforeRetry(
  failure: AttemptFailure,
  tried: number,
  { chance = Math.random, service }: Deps,
): number | null {
  const maxTries = failure.isAddressDead && !service.hasAnswered ? MAX_TRIES_AT_DEAD_ADDRESS : MAX_TRIES;
  if (!failure.mayRetry || tried >= maxTries) return null;
  if (failure.retryAfterMs !== null) return Math.min(failure.retryAfterMs, MAX_SERVER_DELAY_MS);
  return Math.round(chance() * Math.min(MAX_OWN_DELAY_MS, 1_000 * 2 ** (tried - 1)));
}

function reserveAgain(
  { ledger }: Deps,
  model: string,
  { maxTokens, inputUpperTokens }: PlannedCall,
  reservations: Reservation[],
): string | null {
  const reserved = ledger?.reserve({ model, maxTokens, inputUpperTokens });
  if (reserved === undefined) return null;
  if (!reserved.ok) return reserved.limit.limit;
  reservations.push(reserved.reservation);
  return null;
}

/**
 * The caller settles the whole usage right after `send`; only then may further reservations go, or for a moment another
 * agent could reserve the same money. A timer comes after all of that.
 */
function releaseLater({ ledger, clock }: Deps, reservations: readonly Reservation[]): void {
  if (ledger === undefined || reservations.length === 0) return;
  void clock.sleep(0).then(() => {
    for (const reservation of reservations) ledger.settle(reservation, noUsage);
  });
}

interface Cutter {
  readonly signal: AbortSignal;
  end(): void;
}

/** Cuts a call when the caller says so or its time is over. */
function cutter(clock: Clock, outer: AbortSignal | undefined): Cutter {
  const cut = new AbortController();
  const ended = new AbortController();
  const abort = (): void => cut.abort(new AttemptCut('aborted', 'stopped'));
  if (outer?.aborted === true) abort();
  outer?.addEventListener('abort', abort, { signal: ended.signal });
  clock.sleep(CALL_DEADLINE_MS, ended.signal).then(
    () => cut.abort(new AttemptCut('deadline', 'no whole reply within 15 minutes')),
    // The call ended first.
    () => undefined,
  );
  return { signal: cut.signal, end: () => ended.abort() };
}
