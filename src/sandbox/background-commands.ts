// Commands that go on beside others (servers, watchers): started by a task, ended with its tree.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepLog } from './keep-log.ts';
import { killTree, markName, type ProcessTree, traceTree } from './kill-tree.ts';
import { openOutputPipe, type OutputPipe } from './output-pipe.ts';
import type { CommandContext } from './run-command.ts';
import { exitOf, floodBytes, limits, quiet, shell } from './shell.ts';

export interface BackgroundStart {
  /** Name of its log in the log directory. */
  readonly logName: string;
  /** Null while it runs. */
  readonly exitCode: number | null;
  readonly waitedMs: number;
}

export interface BackgroundCommands {
  /** Starts one and waits until it ends or `settleMs` are over. Null when as many run as may. */
  start(command: string, settleMs: number, context: CommandContext): Promise<BackgroundStart | null>;
  /** What other commands must not end. */
  trees(): readonly ProcessTree[];
  /** Ends all, with everything they started. */
  close(): Promise<void>;
}

/** A task that needs more servers than this has lost its way. */
export const maxRunning = 4;

/**
 * Started before the command: it waits for the end of a pipe that only we hold, and then ends the group. So the command
 * goes even where we are killed and cannot end it. While it lives, the group's number cannot be another's.
 */
const watchdog = '(read -r _ <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & exec 3<&-; ';

export function createBackgroundCommands(logDirectory: string): BackgroundCommands {
  const trees: ProcessTree[] = [];
  let running = 0;

  const run = async (command: string, logName: string, context: CommandContext): Promise<number> => {
    const log = keepLog(join(logDirectory, logName));
    const pipe = await openOutputPipe();
    const mark = randomUUID();
    const child = spawnLogged(command, mark, pipe, context);
    const exited = exitOf(child);
    const tree = child.pid === undefined ? null : traceTree(child.pid, mark, context.cwd);
    if (tree !== null) trees.push(tree);
    pipe.reader.on('data', (chunk: Buffer) => {
      log.add(chunk);
      if (log.seenBytes() <= floodBytes || tree === null) return;
      pipe.reader.destroy();
      log.add(Buffer.from(`\n[killed: more than ${String(floodBytes / 1024 / 1024)} MiB of output]\n`));
      void killTree(
        tree,
        trees.filter((one) => one !== tree),
      );
    });
    return exited;
  };

  return {
    start: async (command, settleMs, context) => {
      if (running >= maxRunning) return null;
      running += 1;
      const startedMs = performance.now();
      const logName = nextLogName(logDirectory);
      const exited = run(command, logName, context).finally(() => (running -= 1));
      const exitCode = await settled(exited, settleMs);
      return { logName, exitCode, waitedMs: Math.round(performance.now() - startedMs) };
    },
    trees: () => trees,
    close: async () => {
      await Promise.all(trees.splice(0).map((tree) => killTree(tree)));
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
async function settled(exited: Promise<number>, settleMs: number): Promise<number | null> {
  const done = new AbortController();
  const late = sleep(settleMs, null, { signal: done.signal }).catch(() => null);
  return Promise.race([exited, late]).finally(() => done.abort());
}

function spawnLogged(command: string, mark: string, pipe: OutputPipe, context: CommandContext): ChildProcess {
  try {
    const child = spawn(shell(), ['-c', `${watchdog}${limits(null)}exec "$0" -c "$1"`, shell(), command], {
      cwd: context.cwd,
      env: { ...quiet, ...context.env, [markName]: mark },
      detached: true,
      stdio: ['ignore', pipe.writeFd, pipe.writeFd, 'pipe'],
    });
    // Our end of the watchdog's pipe breaks when the group is gone.
    child.stdio[3]?.on('error', () => undefined);
    return child;
  } finally {
    pipe.closeWriter();
  }
}
