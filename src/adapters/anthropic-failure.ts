// What a failed attempt means: whose fault, worth another try, when, and whether it may have cost money.
import { AnthropicError, APIError } from '@anthropic-ai/sdk';
import type { ModelReply } from '../ports.ts';
import { StreamError } from './anthropic-reply.ts';

export type FailureReason = Extract<ModelReply, { kind: 'failed' }>['reason'];

export interface AttemptFailure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly mayRetry: boolean;
  /** Nobody is at the address: it is most often wrong, unless somebody answered there before. */
  readonly isAddressDead?: boolean;
  /** What the service asks to wait, in milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;
  /** `none`: refused or never sent. `if-begun`: billed only if the reply had begun. `assumed`: nobody can tell. */
  readonly cost: 'none' | 'if-begun' | 'assumed';
}

/** We cut the attempt: no sign of life, out of time, or told to stop. */
export class AttemptCut extends Error {
  readonly why: 'silence' | 'deadline' | 'aborted';

  constructor(why: AttemptCut['why'], message: string) {
    super(message);
    this.name = 'AttemptCut';
    this.why = why;
  }
}

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
  if (wasNeverSent(error)) return failureToConnect(error, at.address);
  if (error instanceof AnthropicError || codesOf(error).length > 0)
    return { ...lost, message: `the connection broke: ${innermostMessage(error)}` };
  throw error;
}

const lost = { reason: 'network', mayRetry: true, retryAfterMs: null, cost: 'assumed', message: '' } as const;

function failureToConnect(error: unknown, address: string): AttemptFailure {
  const isAddressDead = codesOf(error).some((code) => ADDRESS_DEAD.has(code));
  const question = isAddressDead ? ' (is the address right?)' : '';
  const message = `no connection to ${address}${question}: ${innermostMessage(error)}`;
  return { ...lost, cost: 'none', isAddressDead, message };
}

function failureOfCut({ why, message }: AttemptCut): AttemptFailure {
  if (why === 'aborted') return { ...lost, reason: 'aborted', mayRetry: false, message };
  return { ...lost, mayRetry: why === 'silence', message };
}

/** Kinds of `error` events that another try may mend. */
const PASSING = new Set(['overloaded_error', 'api_error', 'rate_limit_error', 'timeout_error']);

function failureOfStream({ type, message }: StreamError): AttemptFailure {
  if (type === null) return { ...lost, message };
  const mayRetry = PASSING.has(type);
  const reason = mayRetry ? 'overloaded' : 'invalid-request';
  return { ...lost, reason, mayRetry, cost: 'if-begun', message: `${type}: ${message}` };
}

const SPEND_LIMIT_CODES = new Set([
  'enforced_spend_limit_reached',
  'contract_spend_limit_reached',
  'linked_organization_spend_limit_reached',
]);

const REASON_OF_STATUS: Readonly<Record<number, FailureReason>> = { 401: 'auth', 402: 'spend-limit', 403: 'auth' };

function failureOfStatus(error: APIError, status: number, nowMs: number): AttemptFailure {
  const message = `${status} ${error.type ?? 'error'}: ${error.apiMessage ?? error.message}`;
  const refused = { ...lost, cost: 'none', mayRetry: false, message } as const;
  if (SPEND_LIMIT_CODES.has(error.errorCode ?? '') || error.type === 'billing_error')
    return { ...refused, reason: 'spend-limit' };
  if (status === 408 || status === 409 || status === 429 || status >= 500)
    return { ...refused, reason: 'overloaded', mayRetry: true, retryAfterMs: retryAfterMs(error.headers, nowMs) };
  if (status === 404 && error.type === 'not_found_error') return { ...refused, reason: 'unknown-model' };
  return { ...refused, reason: REASON_OF_STATUS[status] ?? 'invalid-request' };
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date; null when absent or unreadable. */
function retryAfterMs(headers: Headers | undefined, nowMs: number): number | null {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (exact >= 0) return exact;
  const value = headers?.get('retry-after') ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** The name is known nowhere, or the machine has nobody at that port. A name server that is away is EAI_AGAIN. */
const ADDRESS_DEAD: ReadonlySet<string> = new Set(['ENOTFOUND', 'ECONNREFUSED']);

/** Codes of node and undici for a connection that never came about; TLS refusals among them. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

const wasNeverSent = (error: unknown): boolean => codesOf(error).some((code) => NEVER_SENT.test(code));

/** Errors of sockets, TLS, DNS and undici have a code, somewhere in their causes; errors of a program have none. */
const codesOf = (error: unknown): string[] =>
  causes(error).flatMap((cause) => ('code' in cause && typeof cause.code === 'string' ? [cause.code] : []));

function innermostMessage(error: unknown): string {
  const messages = causes(error).flatMap((cause) => ('message' in cause ? String(cause.message) : []));
  return messages.findLast((message) => message !== '') ?? String(error);
}

function causes(error: unknown): object[] {
  const chain: object[] = [];
  for (let at = error; typeof at === 'object' && at !== null && chain.length < 8; at = 'cause' in at ? at.cause : null)
    chain.push(at);
  return chain;
}
