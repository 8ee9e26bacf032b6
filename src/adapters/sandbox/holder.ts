// A process that holds namespaces open: it says that they are ready, and is gone when its input is.
import { spawn, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { childrenOf } from './process-family.ts';

export interface Holder {
  /** The process whose namespaces are to be entered. */
  readonly pid: number;
  close(): Promise<void>;
}

/** Mounting takes milliseconds; a machine that needs longer than this has another trouble. */
const patienceMs = 20_000;

/**
 * Starts a holder. Rejects with what it said when it ends, or does not get ready.
 * Where `sudo` stays above it, the holder itself is the last of its line.
 */
export async function startHolder(argv: readonly [string, ...string[]]): Promise<Holder> {
  const [program, ...args] = argv;
  const child = spawn(program, args, { env: {}, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', () => resolve());
  });
  await readiness(child);
  return {
    pid: lastOfLine(child.pid ?? 0),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function lastOfLine(pid: number): number {
  const [child] = childrenOf(pid);
  return child === undefined ? pid : lastOfLine(child);
}

function readiness(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    const fail = (how: string): void => {
      clearTimeout(timer);
      reject(new Error(said.trim() === '' ? how : said.trim()));
    };
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      fail('it was not ready in time');
    }, patienceMs);
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (!chunk.toString().includes('ready')) return;
      clearTimeout(timer);
      resolve();
    });
    child.on('error', (error) => fail(error.message));
    child.on('close', (code) => fail(`it ended with ${code ?? 'a signal'}`));
  });
}
