// The processes below one, whatever session or group they have put themselves in.
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of all that descend from the process, its children first. Linux only: read from /proc. */
export function descendantsOf(id: number): readonly number[] {
  const parents = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? parentOf(Number(name)) : []));
  const found = [id];
  for (const parent of found) for (const [child, its] of parents) if (its === parent) found.push(child);
  return found.slice(1);
}

function parentOf(id: number): readonly (readonly [child: number, parent: number])[] {
  try {
    const stat = readFileSync(`/proc/${String(id)}/stat`, 'utf8');
    // proc(5): the name before the fields may hold anything but ends with the last parenthesis.
    return [[id, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  } catch {
    return []; // It has ended meanwhile.
  }
}

/** Kills all of them at once, as when a machine is lost; the process itself is the caller's. */
export function killDescendants(id: number): void {
  for (const child of descendantsOf(id)) {
    try {
      process.kill(child, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
