// A question that is nice to have answered: given up after a time, and never a failure.
import type { Clock } from '../ports.ts';

/**
 * @param ask gets a signal that is aborted when the time is over
 * @returns the answer; null when there was none in time, or an error
 */
export async function askWithPatience<T>(
  clock: Clock,
  patienceMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const patience = new AbortController();
  const ended = new AbortController();
  clock.sleep(patienceMs, ended.signal).then(
    () => patience.abort(),
    () => undefined,
  );
  try {
    return await ask(patience.signal);
  } catch {
    return null;
  } finally {
    ended.abort();
  }
}
