// A started box: how all of it is ended, and what memory it holds.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Box } from '../../sandbox/box/sandbox.ts';
import { childrenOf, killProcess, memoryOfFamily } from './process-family.ts';

/** How long a killed process namespace may take to be empty before its outer process is killed as well. */
const graceMs = 1_000;

/**
 * The box of a child that waits for the first process of a process namespace. When that one is killed the kernel ends all
 * others in it, and the child ends after them.
 */
export function boxOf(child: ChildProcess): Box {
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { pid } = child;
  const isOver = (): boolean => pid === undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    end: async () => {
      if (isOver() || pid === undefined) return 0;
      const first = childrenOf(pid);
      if (first.length === 0) killProcess(pid);
      for (const one of first) killProcess(one);
      const timer = new AbortController();
      await Promise.race([ended, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
      if (isOver()) return 0;
      killProcess(pid);
      await ended;
      return 0;
    },
    memoryBytes: () => (isOver() || pid === undefined ? null : memoryOfFamily(pid)),
  };
}
