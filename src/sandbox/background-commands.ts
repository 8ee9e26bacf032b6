// Commands that go on beside others (servers, watchers): started by a task, ended with its tree, each with a log.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepLog } from './keep-log.ts';
import type { RemoteCommands } from './remote-commands.ts';

export interface BackgroundStart {
  /** Name of its log in the log directory. */
  readonly logName: string;
  /** Null while it runs, or when it was killed. */
  readonly exitCode: number | null;
  readonly waitedMs: number;
}

export interface BackgroundCommands {
  /** Starts one and waits until it ends or `settleMs` are over. Null when as many run as may. */
  start(command: string, settleMs: number): Promise<BackgroundStart | null>;
}

/** A task that needs more servers than this has lost its way. */
export const maxRunning = 4;

export function createBackgroundCommands(
  logDirectory: string,
  commands: Pick<RemoteCommands, 'start'>,
): BackgroundCommands {
  let running = 0;
  return {
    start: async (command, settleMs) => {
      if (running >= maxRunning) return null;
      running += 1;
      const startedMs = performance.now();
      const logName = nextLogName(logDirectory);
      const log = keepLog(join(logDirectory, logName));
      const exited = commands.start(command, log.add).finally(() => (running -= 1));
      const exitCode = await settled(exited, settleMs);
      return { logName, exitCode, waitedMs: Math.round(performance.now() - startedMs) };
    },
  };
}

/** Reserves the next `bg-<n>.txt`. */
function nextLogName(logDirectory: string): string {
  mkdirSync(logDirectory, { recursive: true });
  const numbers = readdirSync(logDirectory).map((name) => Number(/^bg-(\d+)\.txt$/.exec(name)?.[1] ?? 0));
  const name = `bg-${String(Math.max(0, ...numbers) + 1)}.txt`;
  writeFileSync(join(logDirectory, name), '', { flag: 'wx' });
  return name;
}

/** The exit code of a command that ends within the time; null for one that goes on. */
async function settled(exited: Promise<number | null>, settleMs: number): Promise<number | null> {
  const done = new AbortController();
  const late = sleep(settleMs, null, { signal: done.signal }).catch(() => null);
  return Promise.race([exited, late]).finally(() => done.abort());
}
