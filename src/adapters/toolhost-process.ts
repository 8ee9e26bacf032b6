// The process of one toolhost: started with exactly the environment it is given, ended with all its group.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ToolhostOptions {
  /** The bundled entry, dist/toolhost.cjs. */
  readonly toolhostPath: string;
  /** For people, in errors. */
  readonly name: string;
  readonly root: string;
  readonly logDirectory: string;
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ToolhostProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when it has ended, with how: never rejects. */
  readonly ended: Promise<string>;
  /** Ends it at once, with its group. */
  kill(): void;
  /** Lets it end its commands first. */
  close(): Promise<void>;
}

/** How long a toolhost may take to end its commands before it is killed. */
const graceMs = 1500;
const keptDiagnosisBytes = 4096;
/**
 * A toolhost makes much short-lived garbage (scans of /proc, file contents) and has no hurry: a young generation of
 * 1 MiB instead of 16 keeps it small. Eight of them run at once.
 */
const nodeFlags = ['--max-semi-space-size=2', '--v8-pool-size=1'];

export function startToolhostProcess(options: ToolhostOptions): ToolhostProcess {
  const child = spawn(process.execPath, [...nodeFlags, options.toolhostPath, options.logDirectory], {
    cwd: options.root,
    env: options.env,
    // A group of its own, so that it can be killed with what it started.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let diagnosis = '';
  child.stderr.on('data', (chunk: Buffer) => {
    diagnosis = (diagnosis + chunk.toString()).slice(-keptDiagnosisBytes);
  });
  // Whoever writes learns of the end through `ended`.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      resolve(diagnosis === '' ? how : `${how}; its last words: ${diagnosis.trim()}`);
    });
  });
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    const timer = new AbortController();
    const late = sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([ended, late]);
    timer.abort();
    kill();
    await ended;
  };
  return { child, ended, kill, close };
}
