// Whose rights commands have where we are root: a user that nobody else is.
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** systemd.io/UIDS-GIDS: 60578 to 61183 are given to nobody. */
const [firstId, ids] = [60_578, 606];

/**
 * Runs of one machine get different ones, so that one can tell what is left of its own.
 * @param taken users that have a process now, as another run's that works beside this one
 */
export function agentIdOf(pid: number, taken: ReadonlySet<number>): number {
  const all = Array.from({ length: ids }, (_none, i) => firstId + ((pid + i) % ids));
  return all.find((id) => !taken.has(id)) ?? firstId + (pid % ids);
}

/**
 * True where we may give files and processes to that user. Root of a user namespace may only where that id is mapped
 * (user_namespaces(7)); where it is not, it has an ordinary user's rights, and is treated as one.
 */
export function mayBecome(id: number): boolean {
  return process.getuid?.() === 0 && ['uid_map', 'gid_map'].every((name) => isMapped(id, name));
}

function isMapped(id: number, name: string): boolean {
  try {
    const ranges = readFileSync(`/proc/self/${name}`, 'utf8').trim().split('\n');
    return ranges.some((range) => {
      const [from = 0, , count = 0] = range.trim().split(/\s+/).map(Number);
      return id >= from && id < from + count;
    });
  } catch {
    return false;
  }
}
