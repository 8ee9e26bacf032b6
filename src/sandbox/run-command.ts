// Runs one shell command in a box: no terminal, no input, bounded time, output and memory, and nothing of it survives.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandResult, CommandSpec } from '../ports.ts';
import type { Box, Room } from './box/sandbox.ts';
import { stripEscapes } from './clean-output.ts';
import { type KeptEnds, keepEnds } from './keep-ends.ts';
import { networkArgv, type RoomNetwork } from './network-argv.ts';
import { type OutputPipe, openOutputPipe } from './output-pipe.ts';
import { offlineEnvironment } from './registry-environment.ts';
import { exitOf, floodBytes, limits, quiet, shell, watchdog } from './shell.ts';
import { type ResourceFault, type ResourceLimits, watchResources } from './watch-resources.ts';

export interface CommandContext {
  readonly room: Pick<Room, 'start' | 'isContained' | 'node' | 'toolhost'>;
  /** What the command reaches; null: nothing. Each command of a room has a number of its own. */
  readonly network?: { readonly room: RoomNetwork; readonly number: number } | null;
  /** Whether it is in the room's one network, beside what runs in the background. Default: it is alone in its own. */
  readonly sharesNetwork?: boolean;
  /** The whole environment; what a command of ours needs is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ResourceLimits;
  readonly signal?: AbortSignal | undefined;
}

/** Output kept of one command. */
const maxOutputBytes = 1024 * 1024;
/** How long the output may still come after the shell has ended, from a process that outlived it. */
const graceMs = 100;

/**
 * Runs `spec.command` with `bash -c` (`sh` where there is no bash; never a login shell), stdin closed, stdout and stderr in
 * one pipe. At its end, its time limit or an abort, all processes it started are killed.
 * Rejects only when the shell cannot be started (no such room, command too long for the system).
 */
export async function runCommand(spec: CommandSpec, context: CommandContext): Promise<CommandResult> {
  const startedMs = performance.now();
  const pipe = await openOutputPipe();
  try {
    const box = startBox(spec.command, spec.timeoutMs, pipe, { ...context, env: { ...context.env, ...spec.env } });
    const exited = exitOf(box.child);
    const output = collect(pipe);
    const ending = await firstEnding(box, exited, output.flooded, { spec, context });
    if (ending === 'exited') await Promise.race([output.closed, sleep(graceMs)]);
    const survivors = await box.end();
    const exitCode = await exited;
    await Promise.race([output.closed, sleep(graceMs)]);
    return {
      exitCode: ending === 'exited' ? exitCode : null,
      timedOut: ending === 'timed-out',
      durationMs: Math.round(performance.now() - startedMs),
      output: stripEscapes(output.kept.text()) + remarks(ending, exitCode, survivors, context.limits),
    };
  } finally {
    pipe.reader.destroy();
  }
}

/** Starts a shell command with its output going to a pipe, whose writing end is closed here. */
export function startBox(
  command: string,
  timeoutMs: number | null,
  pipe: OutputPipe,
  {
    room,
    env,
    network = null,
    sharesNetwork = false,
  }: Pick<CommandContext, 'room' | 'env' | 'network' | 'sharesNetwork'>,
): Box {
  const bounds = limits(timeoutMs, room.isContained);
  // Outside a sandbox nothing but the watchdog ends a command when we are killed. A shell of its own, so that `wait` in the
  // command does not wait for it.
  const argv: [string, ...string[]] = room.isContained
    ? [shell(), '-c', `${bounds}${command}`]
    : [shell(), '-c', `${watchdog}${bounds}exec "$0" -c "$1"`, shell(), command];
  try {
    const stdio = ['ignore', pipe.writeFd, pipe.writeFd, ...(room.isContained ? [] : ['pipe' as const])] as const;
    const networked = reach(argv, room, network);
    const given = { argv: networked.argv, env: { ...quiet, ...env, ...networked.env }, stdio: [...stdio] };
    const box = room.start({ ...given, sharesNetwork });
    // Our end of the watchdog's pipe breaks when the group is gone.
    box.child.stdio[3]?.on('error', () => undefined);
    return box;
  } finally {
    pipe.closeWriter();
  }
}

function reach(argv: readonly [string, ...string[]], room: CommandContext['room'], network: CommandContext['network']) {
  if (!room.isContained) return { argv, env: {} };
  if (network == null) return { argv, env: offlineEnvironment };
  return networkArgv(argv, room, network.room, network.number);
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

type Ending = 'exited' | 'timed-out' | 'aborted' | 'flooded' | ResourceFault;

function firstEnding(
  box: Box,
  exited: Promise<number>,
  flooded: Promise<void>,
  { spec, context }: { readonly spec: CommandSpec; readonly context: CommandContext },
): Promise<Ending> {
  const { signal } = context;
  const done = new AbortController();
  const ending = new Promise<Ending>((resolve, reject) => {
    const timer = setTimeout(() => resolve('timed-out'), spec.timeoutMs);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    if (signal?.aborted === true) resolve('aborted');
    signal?.addEventListener('abort', () => resolve('aborted'), { signal: done.signal });
    watchResources(box, context.limits, done.signal, resolve);
    flooded.then(() => resolve('flooded'), reject);
    exited.then(() => resolve('exited'), reject);
  });
  return ending.finally(() => done.abort());
}

const mebibytes = (bytes: number): string => `${String(Math.round(bytes / 1024 / 1024))} MiB`;

function remarks(ending: Ending, exitCode: number, survivors: number, bounds: ResourceLimits): string {
  const words: Readonly<Partial<Record<Ending, string>>> = {
    flooded: `killed: more than ${mebibytes(floodBytes)} of output`,
    'out-of-memory': `killed: more than ${mebibytes(bounds.memoryBytes)} of memory`,
    'out-of-disk': `killed: it left less than ${mebibytes(bounds.leastFreeBytes)} of the disk free`,
  };
  const killed = words[ending] ?? (ending === 'exited' && exitCode === killedCode ? sayKilled : null);
  const left = survivors === 0 ? [] : [`${String(survivors)} processes could not be ended`];
  return [...(killed === null ? [] : [killed]), ...left].map((line) => `\n[${line}]`).join('');
}

/** 128 and SIGKILL. */
const killedCode = 137;
const sayKilled = 'it was ended by SIGKILL: by itself, or by the system because memory ran out';
