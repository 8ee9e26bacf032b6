// Anthropic's models behind the Model port: tries again where that helps, and accounts for every attempt.
import Anthropic from '@anthropic-ai/sdk';
import { RunError } from '../errors.ts';
import type { Ledger, Reservation } from '../money/ledger.ts';
import { inputUpperBound } from '../money/input-bound.ts';
import type { ModelPrice } from '../money/model-table.ts';
import { usageOf } from '../money/price-usage.ts';
import { addUsage, noUsage } from '../money/usage.ts';
import type { Clock, Model, ModelReply, ModelRequest } from '../ports.ts';
import type { Usage } from '../types.ts';
import { attempt, type AttemptInput, type AttemptResult } from './anthropic-attempt.ts';
import { AttemptCut, type AttemptFailure } from './anthropic-failure.ts';
import { requestBody } from './anthropic-request.ts';

const DEFAULT_URL = 'https://api.anthropic.com';
const MAX_TRIES = 10;
/** Where nobody ever answered at the address, which is then most often wrong. */
const MAX_TRIES_AT_DEAD_ADDRESS = 3;
/** For one call with all its tries; the SDK's own limit ends with the headers, so a stream has none. */
const DEADLINE_MS = 15 * 60_000;
const MAX_SERVER_DELAY_MS = 120_000;
const MAX_OWN_DELAY_MS = 60_000;

export interface AnthropicModelOptions {
  readonly apiKey: string;
  /** Default: https://api.anthropic.com. The environment is not read. */
  readonly baseUrl?: string;
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

/**
 * The Model port on Anthropic's Messages API, always streaming. A reply is handed over whole or not at all. Usage of a
 * reply or failure includes attempts that were lost on the way, each at the most it can have cost; attempts that were
 * refused cost nothing and are no requests.
 * @throws RunError `model-unpriced` (from `send`) for a model without a price
 */
export function createAnthropicModel(options: AnthropicModelOptions): Model {
  const client = new Anthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? DEFAULT_URL,
    // A hidden retry would spend money that nobody reserved.
    maxRetries: 0,
    timeout: DEADLINE_MS,
    logLevel: 'off',
    openTelemetry: false,
  });
  const service = { hasAnswered: false };
  return { send: (request, signal) => send({ ...options, client, service }, request, signal) };
}

interface Deps extends AnthropicModelOptions {
  readonly client: Anthropic;
  /** What this model knows of its service. */
  readonly service: { hasAnswered: boolean };
}

async function send(deps: Deps, request: ModelRequest, signal?: AbortSignal): Promise<ModelReply> {
  const price = deps.priceOf(request.model);
  if (price === null) throw new RunError('model-unpriced', { model: request.model });
  const startedAt = deps.clock.now();
  const cut = cutter(deps.clock, signal);
  const reservations: Reservation[] = [];
  try {
    const input = inputOf(request, price, cut.signal);
    const { result, lost } = await tryUntilDone(deps, input, price, {
      deadlineAt: startedAt + DEADLINE_MS,
      reserveAgain: () => reserveAgain(deps, input, reservations),
    });
    if (result.kind === 'failed')
      return { kind: 'failed', reason: result.failure.reason, message: result.failure.message, usage: lost };
    const { content, stopReason, tokens } = result;
    const usage = addUsage(lost, usageOf(price, tokens));
    return { kind: 'reply', content, stopReason, usage, durationMs: deps.clock.now() - startedAt };
  } finally {
    cut.end();
    releaseLater(deps, reservations);
  }
}

function inputOf(request: ModelRequest, price: ModelPrice, signal: AbortSignal): AttemptInput {
  const body = requestBody(request, price);
  const firstCallBytes = Buffer.byteLength(JSON.stringify(body));
  const byBytes = inputUpperBound({ previousTotalTokens: 0, newBytes: 0, firstCallBytes });
  return { body, signal, inputUpperTokens: request.inputUpperTokens ?? byBytes };
}

interface Course {
  readonly deadlineAt: number;
  /** Reserves one more try; the name of the limit that forbids it, or null. */
  readonly reserveAgain: () => string | null;
}

async function tryUntilDone(
  deps: Deps,
  input: AttemptInput,
  price: ModelPrice,
  course: Course,
): Promise<{ readonly result: AttemptResult; readonly lost: Usage }> {
  let lost = noUsage;
  for (let tried = 1; ; tried++) {
    const result = await attempt(deps, input);
    if (result.kind === 'reply' || hasAnswered(result.failure)) deps.service.hasAnswered = true;
    if (result.kind === 'reply') return { result, lost };
    if (result.lost !== null) lost = addUsage(lost, usageOf(price, result.lost));
    const delayMs = delayBeforeRetry(result.failure, tried, deps);
    if (delayMs === null || deps.clock.now() + delayMs >= course.deadlineAt)
      return { result: afterTries(result, tried), lost };
    const limit = result.lost === null ? null : course.reserveAgain();
    if (limit !== null) return { result: explained(result, `not tried again because of ${limit}`), lost };
    deps.onRetry(tried, result.failure.message, delayMs);
    // A wait that is cut short needs no answer here: the next attempt fails at once with the reason.
    await deps.clock.sleep(delayMs, input.signal).catch(() => undefined);
  }
}

type FailedAttempt = Extract<AttemptResult, { kind: 'failed' }>;

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

function reserveAgain({ ledger }: Deps, input: AttemptInput, reservations: Reservation[]): string | null {
  const { model, max_tokens: maxTokens } = input.body;
  const reserved = ledger?.reserve({ model, maxTokens, inputUpperTokens: input.inputUpperTokens });
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
  clock.sleep(DEADLINE_MS, ended.signal).then(
    () => cut.abort(new AttemptCut('deadline', 'no whole reply within 15 minutes')),
    // The call ended first.
    () => undefined,
  );
  return { signal: cut.signal, end: () => ended.abort() };
}
