// How old a version must be to be shown. Most hostile packages are found within days of their release.

/** Says of a time as registries write it (ISO 8601) whether it is early enough. A missing or unreadable one is not. */
export type IsOldEnough = (publishedAt: string | undefined) => boolean;

const dayMs = 24 * 60 * 60 * 1000;

/** @param nowMs milliseconds since the epoch */
export function publishedBefore(minimumAgeDays: number, nowMs: number): IsOldEnough {
  const latestMs = nowMs - minimumAgeDays * dayMs;
  return (publishedAt) => {
    if (minimumAgeDays <= 0) return true;
    const atMs = Date.parse(publishedAt ?? '');
    return !Number.isNaN(atMs) && atMs <= latestMs;
  };
}
