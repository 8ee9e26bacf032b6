// Joins two connections, so that what one says the other hears.
import type { Duplex } from 'node:stream';

/** Each end is passed on after everything before it; a failure takes both down at once. */
export function joinSockets(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    // Also without an end before it; what is still being written gets there first.
    from.on('close', () => to.end());
    from.pipe(to);
    if (from.destroyed) to.destroy();
  }
}
