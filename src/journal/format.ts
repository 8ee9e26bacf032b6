// How counts and times of a run are written for people, the same everywhere. Money: src/money/format-usd.ts.

/** An integer with thousands separators: `57,012`. By hand: a formatter of `Intl` takes 11 ms to make, at every start. */
export const formatCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** A count with its noun: `1 file`, `3 files`. The plural is the noun with an `s` unless given. */
export const formatCounted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : plural}`;

/** Milliseconds as people say them: `0.4 s`, `12 s`, `3 min 12 s`, `1 h 02 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 9_950) return `${(Math.max(0, durationMs) / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
