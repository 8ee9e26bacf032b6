// The process of one toolhost: a box of its own, started with exactly the environment it is given.
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Room } from '../sandbox/box/sandbox.ts';

export interface ToolhostOptions {
  /** For people, in errors. */
  readonly name: string;
  readonly room: Room;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ToolhostProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it has ended, with how: never rejects. */
  readonly ended: Promise<string>;
  /** Ends it at once, with all in its box. */
  kill(): void;
  /** Lets it end what is under way first. */
  close(): Promise<void>;
}

/** How long a toolhost may take to end by itself before it is killed. */
const graceMs = 1500;
const keptDiagnosisBytes = 4096;
/**
 * A toolhost makes much short-lived garbage (file contents) and has no hurry: a young generation of 1 MiB instead of 16 keeps
 * it small. Eight of them run at once.
 */
const nodeFlags = ['--max-semi-space-size=2', '--v8-pool-size=1'];

/** @throws when no process can be started at all */
export function startToolhostProcess({ room, env }: ToolhostOptions): ToolhostProcess {
  const box = room.start({
    argv: [room.node, ...nodeFlags, room.toolhost, room.paths.logs, room.paths.upper],
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const { stdin, stdout, stderr } = box.child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the toolhost has no pipes');
  let diagnosis = '';
  stderr.on('data', (chunk: Buffer) => {
    diagnosis = (diagnosis + chunk.toString()).slice(-keptDiagnosisBytes);
  });
  // Whoever writes learns of the end through `ended`.
  stdin.on('error', () => undefined);
  const ended = endOf(box.child, () => diagnosis);
  const kill = (): void => void box.end();
  const close = async (): Promise<void> => {
    stdin.end();
    const timer = new AbortController();
    const late = sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([ended, late]);
    timer.abort();
    await box.end();
    await ended;
  };
  return { stdin, stdout, ended, kill, close };
}

function endOf(child: ChildProcess, diagnosis: () => string): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      resolve(diagnosis() === '' ? how : `${how}; its last words: ${diagnosis().trim()}`);
    });
  });
}
