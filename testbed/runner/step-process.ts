// One process of a step: own process group, output by lines, ended as the runner ends it.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { killDescendants } from './process-tree.ts';

export interface StepProcessOptions {
  readonly command: readonly [program: string, ...args: readonly string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** From the first signal to the second, and from the second to the kill. GitHub: 7500 and 2500 ms. */
  readonly graceMs: readonly [interrupt: number, terminate: number];
  /** Cancels as the Cancel button does: SIGINT, then SIGTERM, then the whole group is killed. */
  readonly cancel: AbortSignal | undefined;
  /** The machine is lost: the process and all below it are killed at once. */
  readonly lose: AbortSignal | undefined;
  onLine(line: string): void;
}

export interface StepProcessEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
}

/** Rejects only when the program cannot be started. */
export async function runStepProcess(options: StepProcessOptions): Promise<StepProcessEnd> {
  const [program, ...args] = options.command;
  const { cwd, env } = options;
  const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const timers: NodeJS.Timeout[] = [];
  let timedOut = false;
  const stop = (): void => {
    timers.push(...endGently(child, options.graceMs));
  };
  const lose = (): void => {
    if (child.pid !== undefined) killDescendants(child.pid);
    killGroup(child);
  };
  timers.push(
    setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeoutMs),
  );
  options.cancel?.addEventListener('abort', stop, { once: true });
  options.lose?.addEventListener('abort', lose, { once: true });
  try {
    const lines = [child.stdout, child.stderr].map(async (input) => {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) options.onLine(line);
    });
    const ended = await exitOf(child);
    killGroup(child); // what is left of the group holds the output open
    await Promise.all(lines);
    return { ...ended, timedOut };
  } finally {
    timers.forEach(clearTimeout);
    options.cancel?.removeEventListener('abort', stop);
    options.lose?.removeEventListener('abort', lose);
  }
}

function endGently(child: ChildProcess, [interruptMs, terminateMs]: StepProcessOptions['graceMs']): NodeJS.Timeout[] {
  child.kill('SIGINT');
  return [
    setTimeout(() => child.kill('SIGTERM'), interruptMs),
    setTimeout(() => killGroup(child), interruptMs + terminateMs),
  ];
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

function exitOf(child: ChildProcess): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}
