// Starts the mirror as a process that has none of our environment: it reads what strangers publish.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { ServeMirrorOptions } from './mirror/serve-mirror.ts';

const requestSchema = z.object({
  method: z.string(),
  url: z.string(),
  status: z.number(),
  reason: z.nullable(z.string()),
});

export interface MirrorProcessOptions extends ServeMirrorOptions {
  /** The bundled dist/mirror.cjs. */
  readonly mirrorPath: string;
  /** Our own environment, of which only where certificates lie is passed on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of each request, in one line. */
  readonly onRequest: (line: string) => void;
}

/** Where else than in node certificates of authorities may lie (nodejs.org/api/cli.html). */
const certificates = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const graceMs = 1_000;

/** Resolves when it listens, with its end; rejects with what it said when it does not get there. */
export async function startMirrorProcess(options: MirrorProcessOptions): Promise<() => Promise<void>> {
  const { mirrorPath, env, onRequest, ...served } = options;
  const passed = certificates.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const child = spawn(process.execPath, [mirrorPath, JSON.stringify(served)], {
    cwd: '/',
    env: Object.fromEntries(passed),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', (error) => {
      words += error.message;
      resolve();
    });
  });
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve();
      else onRequest(describe(line));
    });
  });
  const close = async (): Promise<void> => {
    child.stdin.end();
    await Promise.race([ended, sleep(graceMs, undefined, { ref: false })]);
    child.kill('SIGKILL');
    await ended;
  };
  const failed = ended.then(() => Promise.reject(new Error(`the mirror of package registries ended: ${words.trim()}`)));
  failed.catch(() => undefined);
  await Promise.race([ready, failed]);
  return close;
}

function describe(line: string): string {
  const { method, url, status, reason } = requestSchema.parse(JSON.parse(line));
  return `${status} ${method} ${url}${reason === null ? '' : ` (${reason})`}`;
}
