// The end of a call with all its tries: its time, or a stop from outside.
import type { Clock } from '../ports.ts';
import { AttemptCut } from './model-attempt.ts';

/** For one call with all its tries, from the first that is sent. Give it to an SDK as its time-out too. */
export const CALL_DEADLINE_MS = 15 * 60_000;

export interface Deadline {
  /** Its reason is an AttemptCut. */
  readonly signal: AbortSignal;
  /** The time begins, unless it has: waiting for others is no time of the call. */
  start(): void;
  startedAt(): number;
  leftMs(): number;
  end(): void;
}

/** Cuts a call with all its tries when the caller says so or its time is over. */
export function startDeadline(clock: Clock, outer: AbortSignal | undefined): Deadline {
  const cut = new AbortController();
  const ended = new AbortController();
  let startedAt: number | null = null;
  const abort = (): void => cut.abort(new AttemptCut('aborted', 'stopped'));
  if (outer?.aborted === true) abort();
  outer?.addEventListener('abort', abort, { signal: ended.signal });
  return {
    signal: cut.signal,
    start: () => {
      if (startedAt !== null) return;
      startedAt = clock.now();
      clock.sleep(CALL_DEADLINE_MS, ended.signal).then(
        () => cut.abort(new AttemptCut('deadline', 'no whole reply within 15 minutes')),
        // The call ended first.
        () => undefined,
      );
    },
    startedAt: () => startedAt ?? clock.now(),
    leftMs: () => CALL_DEADLINE_MS - (clock.now() - (startedAt ?? clock.now())),
    end: () => ended.abort(),
  };
}
