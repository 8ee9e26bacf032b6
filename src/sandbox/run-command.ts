// Runs one shell command: no terminal, no input, bounded time and output, and nothing of it survives.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult, CommandSpec } from '../ports.ts';
import { stripEscapes } from './clean-output.ts';
import { type KeptEnds, keepEnds } from './keep-ends.ts';
import { killTree, markName, type ProcessTree, traceTree } from './kill-tree.ts';
import { type OutputPipe, openOutputPipe } from './output-pipe.ts';
import { exitOf, floodBytes, limits, quiet, shell } from './shell.ts';

export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Background commands: what belongs to them outlives this one. */
  readonly spared?: (() => readonly ProcessTree[]) | undefined;
}

type Ending = 'exited' | 'timed-out' | 'aborted' | 'flooded';

/** Output kept of one command. */
const maxOutputBytes = 1024 * 1024;
/** How long the output may still come after the shell has ended, from a process that outlived it. */
const graceMs = 100;

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
    const survivors = tree === null ? 0 : await killTree(tree, context.spared?.());
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
