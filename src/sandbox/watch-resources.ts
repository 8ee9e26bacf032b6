// Looks at what a command takes of the machine while it runs: memory and disk, which no limit of a process bounds.
import { statfsSync } from 'node:fs';
import type { Box } from './box/sandbox.ts';

export interface ResourceLimits {
  /** Most memory of one command with all that it started. */
  readonly memoryBytes: number;
  /** A directory on the disk that commands write to, and what must stay free on it. */
  readonly disk: string;
  readonly leastFreeBytes: number;
}

export type ResourceFault = 'out-of-memory' | 'out-of-disk';

/** RLIMIT_AS is no way: V8 reserves more than it uses, WebAssembly 32 GiB. A look costs a fraction of a millisecond. */
const lookMs = 250;

/** Calls back once when a limit is passed; stops looking when `until` aborts. */
export function watchResources(
  box: Pick<Box, 'memoryBytes'>,
  limits: ResourceLimits,
  until: AbortSignal,
  onFault: (fault: ResourceFault) => void,
): void {
  const timer = setInterval(() => {
    if ((box.memoryBytes() ?? 0) > limits.memoryBytes) onFault('out-of-memory');
    else if (freeBytes(limits.disk) < limits.leastFreeBytes) onFault('out-of-disk');
  }, lookMs);
  until.addEventListener('abort', () => clearInterval(timer));
}

function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY; // The directory is gone with its tree.
  }
}
