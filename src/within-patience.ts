// Waiting for what is good to know, but not for ever.
import type { Clock } from './ports.ts';

/** What `known` resolves to, or null when that takes longer than `mostMs`. Rejects when `known` does before. */
export async function withinPatience<Value>(
  known: Promise<Value>,
  mostMs: number,
  clock: Clock,
): Promise<Value | null> {
  const over = new AbortController();
  const late = clock.sleep(mostMs, over.signal).then(
    () => null,
    () => null,
  );
  return Promise.race([known, late]).finally(() => over.abort());
}
