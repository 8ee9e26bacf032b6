// What a failed attempt at a chat completion means: whose fault, worth another try, when, and whether it may have cost
// money.
import { APIConnectionError, APIError, OpenAIError } from 'openai';
import { StreamError } from './anthropic-events.ts';
import { AttemptCut, failureOfCut, lostAttempt, type AttemptFailure, type FailureReason } from './model-attempt.ts';
import { connectionBroke, failureOfNetwork } from './network-failure.ts';
import { retryAfterMs } from './retry-after.ts';

export interface FailurePlace {
  /** For `retry-after` given as a date. */
  readonly nowMs: number;
  /** Where the service was looked for. */
  readonly address: string;
}

/**
 * Sorts an error of an attempt (https://developers.openai.com/api/docs/guides/error-codes).
 * @throws the error itself when neither the service nor the network made it: it is a bug of ours
 */
export function failureOf(error: unknown, at: FailurePlace): AttemptFailure {
  if (error instanceof AttemptCut) return failureOfCut(error);
  if (error instanceof StreamError) return { ...lostAttempt, message: error.message };
  if (isAnswer(error)) return failureOfStatus(error, error.status, at);
  if (isInStream(error)) return failureInStream(error);
  const failure = failureOfNetwork(error, at.address);
  if (failure !== null) return failure;
  // A chunk that is no JSON: the stream was cut, or a proxy wrote into it.
  if (error instanceof OpenAIError || error instanceof SyntaxError) return connectionBroke(error);
  throw error;
}

type Answer = APIError<number, Headers>;

/** A status was answered. */
export const isAnswer = (error: unknown): error is Answer => error instanceof APIError && error.status !== undefined;

/** An `error` in the middle of a stream that had begun well. */
const isInStream = (error: unknown): error is APIError =>
  error instanceof APIError && !(error instanceof APIConnectionError) && error.error !== undefined;

function failureInStream(error: APIError): AttemptFailure {
  const kind = `${error.code ?? ''} ${error.type ?? ''}`;
  const isOurs = /invalid|bad.?request|\b4(?!29|08)\d\d\b/i.test(kind);
  const failure = { ...lostAttempt, cost: 'if-begun', message: error.message } as const;
  if (isTooLong(error)) return { ...failure, reason: 'context-exceeded', mayRetry: false };
  if (isOurs) return { ...failure, reason: 'invalid-request', mayRetry: false };
  return { ...failure, reason: 'overloaded', ...(/rate_limit/.test(kind) ? { pressure: 'rate-limit' } : {}) };
}

function failureOfStatus(error: Answer, status: number, { nowMs, address }: FailurePlace): AttemptFailure {
  const refused = { ...lostAttempt, cost: 'none', mayRetry: false, message: error.message } as const;
  if (status === 402 || isOutOfCredit(error)) return { ...refused, reason: 'spend-limit' };
  if (isTooLong(error)) return { ...refused, reason: 'context-exceeded' };
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    const wait = { ...refused, reason: 'overloaded', mayRetry: true } as const;
    const pressure = PRESSURE_OF_STATUS[status];
    const failure = { ...wait, retryAfterMs: retryAfterMs(error.headers, nowMs) };
    return pressure === undefined ? failure : { ...failure, pressure };
  }
  if (status === 404) return { ...refused, ...notFound(error, address) };
  return { ...refused, reason: REASON_OF_STATUS[status] ?? 'invalid-request', message: withAdvice(error) };
}

const PRESSURE_OF_STATUS: Readonly<Record<number, 'overloaded' | 'rate-limit'>> = {
  429: 'rate-limit',
  503: 'overloaded',
  529: 'overloaded',
};

const REASON_OF_STATUS: Readonly<Record<number, FailureReason>> = { 401: 'auth', 403: 'auth' };

/** A 429 that no waiting mends. */
const isOutOfCredit = ({ code, type }: APIError): boolean =>
  [code, type].some((word) => /insufficient_quota|billing_hard_limit|insufficient_balance/.test(word ?? ''));

const isTooLong = ({ code, message }: APIError): boolean =>
  code === 'context_length_exceeded' ||
  /maximum context length|context (length|size|window) (is |was )?exceeded|exceeds? the (available |model'?s? )?(maximum )?context/i.test(
    message,
  );

/** A server without the model says so; an address without the protocol knows of no model. */
function notFound({ code, message }: Answer, address: string): Pick<AttemptFailure, 'reason' | 'message'> {
  if (code === 'model_not_found' || /model/i.test(message)) return { reason: 'unknown-model', message };
  return { reason: 'invalid-request', message: `${message}: no chat completions at ${address}; check \`base-url\`` };
}

/** Some models think whenever they have tools, and chat completions refuse that. */
function withAdvice({ param, message }: Answer): string {
  const thinks = param === 'reasoning_effort' || /reasoning_effort/.test(message);
  return thinks ? `${message} (choose another \`model\`: this one takes no tools in chat completions)` : message;
}
