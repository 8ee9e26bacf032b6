// A clock that stands still until a test moves it.
import type { Clock } from '../../src/ports.ts';

export interface ManualClock extends Clock {
  /** Moves the time and lets everything that waits for it go on. */
  advance(ms: number): Promise<void>;
  /** How many wait for it now. */
  sleepers(): number;
}

export function manualClock(): ManualClock {
  let now = 0;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleepers: () => sleepers.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        const leave = (): void => {
          sleepers.delete(sleeper);
          reject(new Error('cut short'));
        };
        if (signal?.aborted === true) leave();
        signal?.addEventListener('abort', leave);
      }),
    async advance(ms) {
      now += ms;
      for (const sleeper of sleepers)
        if (sleeper.until <= now) {
          sleepers.delete(sleeper);
          sleeper.wake();
        }
      await settled();
    },
  };
}

/** After all that can go on without time passing has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
