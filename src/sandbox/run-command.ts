// Runs one shell command: no terminal, no input, bounded time and output, and nothing of it survives.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult, CommandSpec } from '../ports.ts';
import { stripEscapes } from './clean-output.ts';
import { type KeptEnds, keepEnds } from './keep-ends.ts';
import { killTree, markName, traceTree } from './kill-tree.ts';
import { type OutputPipe, openOutputPipe } from './output-pipe.ts';

export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

type Ending = 'exited' | 'timed-out' | 'aborted' | 'flooded';

/** Output kept of one command. */
const maxOutputBytes = 1024 * 1024;
/** A command that prints more than this runs away and is killed; `yes` gets here in a fraction of a second. */
const floodBytes = 64 * 1024 * 1024;
/** How long the output may still come after the shell has ended, from a process that outlived it. */
const graceMs = 100;
/** Tells programs not to page, colour, ask or draw bars. The caller's environment wins. */
const quiet = {
  CI: '1',
  TERM: 'dumb',
  NO_COLOR: '1',
  PAGER: 'cat',
  MANPAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  PIP_PROGRESS_BAR: 'off',
  TQDM_DISABLE: '1',
};

/**
 * Runs `spec.command` with `bash -c` (`sh` where there is no bash; never a login shell) in a session of its own, stdin
 * closed, stdout and stderr in one pipe. At its end, its time limit or an abort, all processes it started are killed.
 * Rejects only when the shell cannot be started (no such `cwd`, command too long for the system).
 */
export async function runCommand(spec: CommandSpec, context: CommandContext): Promise<CommandResult> {
  const startedMs = performance.now();
  const mark = randomUUID();
  const pipe = await openOutputPipe();
  try {
    const child = start(spec, context, mark, pipe);
    const exited = exitOf(child);
    const tree = child.pid === undefined ? null : traceTree(child.pid, mark, context.cwd);
    const output = collect(pipe);
    const ending = await firstEnding(exited, output.flooded, spec.timeoutMs, context.signal);
    if (ending === 'exited') await Promise.race([output.closed, sleep(graceMs)]);
    const survivors = tree === null ? 0 : await killTree(tree);
    const exitCode = await exited;
    await Promise.race([output.closed, sleep(graceMs)]);
    return {
      exitCode: ending === 'exited' ? exitCode : null,
      timedOut: ending === 'timed-out',
      durationMs: Math.round(performance.now() - startedMs),
      output: stripEscapes(output.kept.text()) + remarks(ending, survivors),
    };
  } finally {
    pipe.reader.destroy();
  }
}

function start(spec: CommandSpec, context: CommandContext, mark: string, pipe: OutputPipe): ChildProcess {
  try {
    return spawn(shell(), ['-c', `${limits(spec.timeoutMs)}${spec.command}`], {
      cwd: context.cwd,
      env: { ...quiet, ...context.env, ...spec.env, [markName]: mark },
      detached: true,
      stdio: ['ignore', pipe.writeFd, pipe.writeFd],
    });
  } finally {
    pipe.closeWriter();
  }
}

const shell = (): string => ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';

/**
 * No core files, files of at most 1 GiB (512 MiB in dash), 4,096 open files, CPU time of twice the wall clock; and when
 * memory runs out, the kernel takes the command rather than us. One line, so that line numbers in messages stay right.
 */
function limits(timeoutMs: number): string {
  const cpuSeconds = Math.max(2, Math.ceil((2 * timeoutMs) / 1000));
  const set = ['-c 0', '-f 1048576', '-n 4096', `-t ${String(cpuSeconds)}`].map((limit) => `ulimit ${limit}`);
  return `{ ${set.join('; ')}; echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; `;
}

/** The shell's exit code; 128 plus the signal's number where a signal ended it. */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

interface CollectedOutput {
  readonly kept: KeptEnds;
  /** Resolves when the last writer has closed the pipe. */
  readonly closed: Promise<void>;
  /** Resolves when the command has printed more than any sane one would; else never. */
  readonly flooded: Promise<void>;
}

function collect({ reader }: OutputPipe): CollectedOutput {
  const kept = keepEnds(maxOutputBytes);
  const flooded = new Promise<void>((resolve) => {
    reader.on('data', (chunk: Buffer) => {
      kept.add(chunk);
      if (kept.seenBytes() > floodBytes) resolve();
    });
  });
  const closed = new Promise<void>((resolve) => {
    reader.once('close', () => resolve());
    reader.once('error', () => resolve());
  });
  return { kept, closed, flooded };
}

function firstEnding(
  exited: Promise<number>,
  flooded: Promise<void>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Ending> {
  const done = new AbortController();
  const ending = new Promise<Ending>((resolve, reject) => {
    const timer = setTimeout(() => resolve('timed-out'), timeoutMs);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    if (signal?.aborted === true) resolve('aborted');
    signal?.addEventListener('abort', () => resolve('aborted'), { signal: done.signal });
    flooded.then(() => resolve('flooded'), reject);
    exited.then(() => resolve('exited'), reject);
  });
  return ending.finally(() => done.abort());
}

function remarks(ending: Ending, survivors: number): string {
  const flood = ending === 'flooded' ? `\n[killed: more than ${String(floodBytes / 1024 / 1024)} MiB of output]` : '';
  return survivors === 0 ? flood : `${flood}\n[${String(survivors)} processes could not be ended]`;
}
