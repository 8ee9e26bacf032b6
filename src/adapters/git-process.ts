// Starts git as a child with an argument array, a clean environment and a bounded output.
import { spawn } from 'node:child_process';
import { RunError } from '../errors.ts';
import { gitEnvironment, hardeningArguments, type GitProtocol } from './git-environment.ts';

/** What one call may print before it is ended: more than any diff worth reading, less than a process can hold. */
const maxOutputBytes = 256 * 1024 * 1024;

/** Ten minutes: a push or fetch that takes longer has lost its server. */
const timeLimitMs = 600_000;

export interface GitCall {
  /** Explicit repository; null only to ask where one is. */
  readonly gitDir: string | null;
  readonly args: readonly string[];
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly protocol?: GitProtocol;
  /** Exit codes that are answers and no failures; 0 unless told. */
  readonly accept?: readonly number[];
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A git call that ended with an exit code its caller did not expect. The message holds no environment, so no token. */
export class GitFailure extends Error {
  readonly stdout: string;
  readonly stderr: string;

  constructor(args: readonly string[], code: number | string, result: { stdout: Buffer; stderr: string }) {
    super(`git ${args[0] ?? ''} ended with ${code}: ${result.stderr.trim()}`);
    this.name = 'GitFailure';
    this.stdout = result.stdout.toString();
    this.stderr = result.stderr;
  }
}

/** Environment of a call: the hardened base, the repository, and what the caller adds. */
export const environmentOf = (call: Pick<GitCall, 'gitDir' | 'env' | 'protocol'>): NodeJS.ProcessEnv => ({
  ...gitEnvironment(call.gitDir ?? '/nonexistent', call.protocol ?? null),
  ...(call.gitDir === null ? {} : { GIT_DIR: call.gitDir }),
  ...call.env,
});

/** Turns a failed start into the error that names what is missing. */
export const startFailure = (error: NodeJS.ErrnoException): Error =>
  error.code === 'ENOENT' ? new RunError('git-missing', {}, error) : error;

/** A git that has started and waits for its input. */
export interface StartedGit {
  /** Gives it its input and waits for its end; see `runGit`. */
  finish(input: string | Uint8Array): Promise<GitResult>;
  /** True while it can still be given input. */
  isWaiting(): boolean;
  /** It is not needed after all. */
  kill(): void;
}

/**
 * Starts git ahead of its input: starting a process takes longer than most of what git then does. One that waits does not keep
 * ours alive, and ends with it, as its input ends.
 */
export function startGit(call: Omit<GitCall, 'input'>): StartedGit {
  const child = spawn('git', [...hardeningArguments, ...call.args], {
    cwd: '/',
    env: environmentOf(call),
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C goes to all of a terminal's group, and a run that stops has work to save.
    detached: true,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxOutputBytes) child.kill();
    else stdout.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ended = new Promise<GitResult>((resolve, reject) => {
    child.on('error', (error) => reject(startFailure(error)));
    child.on('close', (code, signal) => {
      const result = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
      if (code !== null && (call.accept ?? [0]).includes(code)) resolve({ code, ...result });
      else reject(new GitFailure(call.args, code ?? signal ?? 'no code', result));
    });
  });
  ended.catch(() => undefined); // Told to whoever finishes it.
  // git may end before it has read everything; its exit code then tells what happened.
  child.stdin.on('error', () => undefined);
  const own: readonly object[] = [child, child.stdin, child.stdout, child.stderr];
  const parts = own.filter(hasRef);
  parts.forEach((part) => part.unref());
  return {
    finish: async (input) => {
      parts.forEach((part) => part.ref());
      // Not spawn's own `timeout`: that timer outlives a child that could not be started.
      const timer = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
      child.stdin.end(input);
      return ended.finally(() => clearTimeout(timer));
    },
    isWaiting: () => child.exitCode === null && child.signalCode === null && child.stdin.writable,
    kill: () => void child.kill('SIGKILL'),
  };
}

interface Part {
  ref(): void;
  unref(): void;
}

/** Pipes of a child are sockets, which node's types do not say. */
const hasRef = (part: object): part is Part => 'ref' in part && 'unref' in part;

/**
 * Runs git to its end. Throws GitFailure for an exit code outside `accept`, RunError `git-missing` when there is no git.
 */
export const runGit = ({ input, ...call }: GitCall): Promise<GitResult> => startGit(call).finish(input ?? '');

/** Runs git and gives its output as text without the last newline. */
export async function gitText(call: GitCall): Promise<string> {
  return (await runGit(call)).stdout.toString().replace(/\n$/, '');
}

/** Full object ids only: anything else in an argument could be read as an option or a revision expression. */
export function assertObjectId(id: string): string {
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw new Error(`not a full object id: ${JSON.stringify(id)}`);
  return id;
}
