// The time limit of a run: told as a limit that was reached, then the run is stopped.
import type { Clock, Reporter } from './ports.ts';

export interface LimitTimeDeps {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly reporter: Reporter;
  /** Aborted when the time is up. */
  readonly stop: AbortController;
  /** Aborts when the run has ended by itself. */
  readonly ended: AbortSignal;
}

/** @param timeoutMs null: no limit. @param spentMs of it, by earlier processes of the run */
export function limitTime(timeoutMs: number | null, spentMs: number, deps: LimitTimeDeps): void {
  if (timeoutMs === null) return;
  const minutes = `${timeoutMs / 60_000} minutes`;
  deps.clock.sleep(Math.max(0, timeoutMs - spentMs), deps.ended).then(
    () => {
      deps.reporter.emit({
        type: 'limit.reached',
        limit: { limit: 'limits.timeout_minutes', value: minutes, spent: minutes },
      });
      deps.stop.abort();
    },
    () => undefined, // The run ended before.
  );
}
