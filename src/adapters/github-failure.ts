// A failed request to GitHub, read once: what went wrong, whether it is worth trying again, and the error it becomes.
// zod/mini: see trigger/event-payloads.ts.
import { $ZodError } from 'zod/v4/core';
import * as z from 'zod/mini';
import { RunError } from '../errors.ts';
import type { Operation } from './github-operations.ts';

/** `effect` says whether a write may have been done all the same. */
export interface Failure {
  readonly kind: 'bad-token' | 'permission' | 'not-found' | 'refused' | 'rate-limit' | 'unavailable';
  readonly effect: 'none' | 'unknown';
  /** GitHub's sentence, or the network's. */
  readonly sentence: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A reply that lacks what was asked for. */
export class UnreadableReply extends Error {
  constructor(field: string) {
    super(`the reply has no readable \`${field}\``);
    this.name = 'UnreadableReply';
  }
}

// Octokit's RequestError; one without a response is a failure of the network.
const requestError = z.object({
  message: z.string(),
  status: z.int(),
  /** What fetch threw. */
  cause: z.catch(z.optional(z.object({ name: z.string() })), undefined),
  response: z.optional(z.object({ headers: z.record(z.string(), z.optional(z.coerce.string())), data: z.unknown() })),
});

const detail = z.pipe(
  z.object({ message: z.string() }),
  z.transform((one) => one.message),
);

const errorBody = z.object({
  message: z.string(),
  errors: z.optional(z.array(z.union([z.string(), detail, z.unknown()]))),
});

// GitHub's words for a token that lacks a permission, as an app, as a fine-grained token and for a role.
const lacksPermission = /not accessible by|must have .*(?:access|rights|permission)|^forbidden$/i;
const overRateLimit = /rate limit/i;

/** The failure that an error stands for; null when it is none of GitHub's or the network's, and so a bug of ours. */
export function readFailure(error: unknown): Failure | null {
  if (error instanceof $ZodError || error instanceof UnreadableReply) {
    return { kind: 'unavailable', effect: 'unknown', sentence: 'the reply was cut off or not readable', headers: {} };
  }
  const parsed = requestError.safeParse(error);
  if (!(error instanceof Error) || !parsed.success) return null;
  const { message, status, cause, response } = parsed.data;
  if (response === undefined) {
    const sentence = cause?.name === 'TimeoutError' ? 'no reply within the time limit of a request' : message;
    return { kind: 'unavailable', effect: 'unknown', sentence, headers: {} };
  }
  const sentence = sentenceOf(response.data) ?? `status ${String(status)}`;
  const kind = kindOf(status, sentence, response.headers);
  return { kind, effect: kind === 'unavailable' ? 'unknown' : 'none', sentence, headers: response.headers };
}

function kindOf(status: number, sentence: string, headers: Failure['headers']): Failure['kind'] {
  if (status >= 500) return 'unavailable';
  if (status === 401) return 'bad-token';
  if (status === 404) return 'not-found';
  if (status === 429) return 'rate-limit';
  if (status !== 403) return 'refused';
  if (lacksPermission.test(sentence)) return 'permission';
  const limited =
    headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0' || overRateLimit.test(sentence);
  return limited ? 'rate-limit' : 'refused';
}

function sentenceOf(data: unknown): string | null {
  const parsed = errorBody.safeParse(data);
  if (!parsed.success) return null;
  const details = (parsed.data.errors ?? []).filter((detail) => typeof detail === 'string');
  return [parsed.data.message, ...details].join(': ').replace(/\s+/g, ' ').slice(0, 500);
}

/** The error for people. What is not a failure of GitHub comes back as it is. */
export function toRunError(error: unknown, { action, permission, what }: Operation): unknown {
  const failure = readFailure(error);
  if (failure === null) return error;
  const { kind, sentence, headers } = failure;
  switch (kind) {
    case 'bad-token':
      return new RunError('github-bad-token', {}, error);
    case 'permission': {
      const named = acceptedPermissions(headers['x-accepted-github-permissions']) ?? permission;
      return new RunError('github-permission', { action, permission: named }, error);
    }
    case 'not-found':
      return new RunError('github-not-found', { what }, error);
    case 'refused':
      return new RunError('github-refused', { action, detail: sentence }, error);
    case 'rate-limit':
      return new RunError('github-unavailable', { detail: `it asks us to slow down (${sentence})` }, error);
    case 'unavailable':
      return new RunError('github-unavailable', { detail: sentence }, error);
  }
}

/** `issues=write; pull_requests=write` (alternatives; a comma means both), spelt as in a workflow file. */
function acceptedPermissions(header: string | undefined): string | null {
  const alternatives = (header ?? '').split(';').map((set) =>
    set
      .split(',')
      .map((pair) => pair.trim().replaceAll('_', '-').replace('=', ': '))
      .filter(Boolean)
      .join(', '),
  );
  // The catalogue's message puts the whole into code marks; these close and open them between the alternatives.
  return alternatives.filter(Boolean).join('` or `') || null;
}
