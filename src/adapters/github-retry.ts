// When a request to GitHub is sent again. Own rules, not Octokit's plugins: those repeat a POST whose reply was lost,
// which makes a second comment, and hold back every write by one to three seconds.
import type { Clock } from '../ports.ts';
import { readFailure, toRunError, type Failure } from './github-failure.ts';
import type { Operation } from './github-operations.ts';

/** Told before each wait; `attempt` counts the tries so far from 1. */
export interface GitHubRetry {
  readonly action: string;
  readonly attempt: number;
  readonly reason: string;
  readonly delayMs: number;
}

/**
 * Sends, and sends again where that helps: after a rate limit when GitHub says, after an outage in 1, 2 and 4 seconds.
 * A write with `findExisting` is looked up before it is repeated, unless GitHub has said that it was not done.
 */
export type Call = <T>(
  operation: Operation,
  send: () => Promise<T>,
  findExisting?: () => Promise<T | null>,
) => Promise<T>;

const maxAttempts = 4;
/** A wait longer than this is not worth the runner's minutes. */
const maxDelayMs = 10 * 60_000;
/** Where GitHub names no time. Its documentation, "Rate limits for the REST API", asks for at least one minute. */
const unnamedDelayMs = 60_000;

/** @returns a `Call` that throws RunError for every failure that was GitHub's or the network's. */
export function createCall(clock: Clock, onRetry: (retry: GitHubRetry) => void): Call {
  return async (operation, send, findExisting) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        const failure = readFailure(error);
        const delayMs = failure && attempt < maxAttempts ? delayAfter(failure, attempt, clock.now()) : null;
        if (failure === null || delayMs === null) throw toRunError(error, operation);
        onRetry({ action: operation.action, attempt, reason: failure.sentence, delayMs });
        await clock.sleep(delayMs);
        const existing = failure.effect === 'unknown' ? await findExisting?.() : null;
        if (existing) return existing;
      }
    }
  };
}

/** Milliseconds to wait before the next attempt; null when there should be none. */
function delayAfter(failure: Failure, attempt: number, nowMs: number): number | null {
  if (failure.kind === 'unavailable') return 1000 * 2 ** (attempt - 1);
  if (failure.kind !== 'rate-limit') return null;
  const delayMs = namedDelayMs(failure.headers, nowMs) ?? unnamedDelayMs;
  return delayMs <= maxDelayMs ? delayMs : null;
}

function namedDelayMs(headers: Failure['headers'], nowMs: number): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (seconds >= 0) return seconds * 1000;
  const resetSeconds = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (headers['x-ratelimit-remaining'] !== '0' || Number.isNaN(resetSeconds)) return null;
  return Math.max(0, resetSeconds * 1000 - nowMs) + 1000;
}
