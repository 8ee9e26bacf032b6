// Memory of a process and of its children, read from /proc while it runs (Linux only).
import { readdirSync, readFileSync } from 'node:fs';

export interface MemoryPeak {
  /** Peak resident set of the process itself, in MiB. */
  readonly ownMb: number;
  /** Peak of its node children together (toolhosts), in MiB. */
  readonly childrenMb: number;
  stop(): void;
}

/** Samples every 50 ms until stopped. Commands that agents run are not counted, only node processes of ours. */
export function watchMemory(findRoot: () => number | null): MemoryPeak {
  let ownMb = 0;
  let childrenMb = 0;
  const timer = setInterval(() => {
    const root = findRoot();
    if (root === null) return;
    const processes = readProcesses();
    ownMb = Math.max(ownMb, processes.get(root)?.residentMb ?? 0);
    const hosts = [...processes.values()].filter(
      ({ parent, command }) => parent === root && command.includes('toolhost'),
    );
    childrenMb = Math.max(
      childrenMb,
      hosts.reduce((sum, { residentMb }) => sum + residentMb, 0),
    );
  }, 50);
  return {
    get ownMb() {
      return ownMb;
    },
    get childrenMb() {
      return childrenMb;
    },
    stop: () => clearInterval(timer),
  };
}

interface Seen {
  readonly parent: number;
  readonly command: string;
  readonly residentMb: number;
}

function readProcesses(): Map<number, Seen> {
  const seen = new Map<number, Seen>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const number = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      seen.set(Number(name), { parent: number('PPid'), command, residentMb: number('VmRSS') / 1024 });
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return seen;
}

/** The child of this process whose command line holds `text`; null when there is none. */
export function findChild(text: string): number | null {
  for (const [pid, { parent, command }] of readProcesses()) {
    if (parent === process.pid && command.includes(text)) return pid;
  }
  return null;
}
