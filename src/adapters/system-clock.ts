// The one place that reads the time of day and waits.
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../ports.ts';

/** The machine's clock. `sleep` rejects with an `AbortError` as soon as its signal is aborted. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
};
