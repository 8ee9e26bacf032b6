// What a failed attempt at Anthropic's service means: whose fault, worth another try, when, and whether it may have cost
// money.
import { AnthropicError, APIError } from '@anthropic-ai/sdk';
import { StreamError } from './anthropic-events.ts';
import { AttemptCut, failureOfCut, lostAttempt, type AttemptFailure, type FailureReason } from './model-attempt.ts';
import { connectionBroke, failureOfNetwork } from './network-failure.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * Sorts an error of an attempt (https://platform.claude.com/docs/en/api/errors).
 * @param at.nowMs for `retry-after` given as a date
 * @param at.address where the service was looked for
 * @throws the error itself when neither the service nor the network made it: it is a bug of ours
 */
export function failureOf(error: unknown, at: { readonly nowMs: number; readonly address: string }): AttemptFailure {
  if (error instanceof AttemptCut) return failureOfCut(error);
  if (error instanceof StreamError) return failureOfStream(error);
  if (error instanceof APIError && error.status !== undefined) return failureOfStatus(error, error.status, at.nowMs);
  const failure = failureOfNetwork(error, at.address);
  if (failure !== null) return failure;
  if (error instanceof AnthropicError) return connectionBroke(error);
  throw error;
}

/** Kinds of `error` events that another try may mend. */
const PASSING = new Set(['overloaded_error', 'api_error', 'rate_limit_error', 'timeout_error']);

function failureOfStream({ type, message }: StreamError): AttemptFailure {
  if (type === null) return { ...lostAttempt, message };
  const mayRetry = PASSING.has(type);
  const reason = mayRetry ? 'overloaded' : 'invalid-request';
  const failure = { ...lostAttempt, reason, mayRetry, cost: 'if-begun', message: `${type}: ${message}` } as const;
  if (type === 'overloaded_error') return { ...failure, pressure: 'overloaded' };
  return type === 'rate_limit_error' ? { ...failure, pressure: 'rate-limit' } : failure;
}

const SPEND_LIMIT_CODES = new Set([
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'linked_organization_spend_limit_reached',
]);

/** The service has no code for it: "prompt is too long: 1000001 tokens > 1000000 maximum", and older models' words. */
const TOO_LONG = /prompt is too long|exceeds? (the )?(model's )?(maximum )?context (window|limit|length)/i;

/**
 * True when the service says that a thinking block came back after another prefix than it was made with.
 * https://platform.claude.com/docs/en/build-with-claude/preserved-thinking/fix-bound-to-a-different-conversation
 */
export const isPrefixMismatch = ({ reason, message }: AttemptFailure): boolean =>
  reason === 'invalid-request' && /bound to a different conversation|prefix_mismatch_behavior/.test(message);

const REASON_OF_STATUS: Readonly<Record<number, FailureReason>> = { 401: 'auth', 402: 'spend-limit', 403: 'auth' };

function failureOfStatus(error: APIError, status: number, nowMs: number): AttemptFailure {
  const message = `${status} ${error.type ?? 'error'}: ${error.apiMessage ?? error.message}`;
  const refused = { ...lostAttempt, cost: 'none', mayRetry: false, message } as const;
  if (SPEND_LIMIT_CODES.has(error.errorCode ?? '') || error.type === 'billing_error')
    return { ...refused, reason: 'spend-limit' };
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    const wait = { reason: 'overloaded', mayRetry: true, retryAfterMs: retryAfterMs(error.headers, nowMs) } as const;
    if (status === 529) return { ...refused, ...wait, pressure: 'overloaded' };
    return status === 429 ? { ...refused, ...wait, pressure: 'rate-limit' } : { ...refused, ...wait };
  }
  if (status === 413 || (status === 400 && TOO_LONG.test(message))) return { ...refused, reason: 'context-exceeded' };
  if (status === 404 && error.type === 'not_found_error') return { ...refused, reason: 'unknown-model' };
  return { ...refused, reason: REASON_OF_STATUS[status] ?? 'invalid-request' };
}
