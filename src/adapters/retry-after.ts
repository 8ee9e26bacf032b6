// How long a service asks to wait before the next try.

/**
 * `retry-after-ms`, else `retry-after` in seconds or as a date (RFC 9110, 10.2.3).
 * @param nowMs for a date
 * @returns milliseconds; null when absent or unreadable
 */
export function retryAfterMs(headers: Headers | undefined, nowMs: number): number | null {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (exact >= 0) return exact;
  const value = headers?.get('retry-after') ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
