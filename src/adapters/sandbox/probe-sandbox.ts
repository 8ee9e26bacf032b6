// Tries a sandbox out with the real profile before anything is trusted to it.
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { judgeProbe, probeScript } from '../../sandbox/box/probe-script.ts';
import type { Room, RoomSpec } from '../../sandbox/box/sandbox.ts';

export interface ProbeOptions {
  /** A folder for us alone. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** The broker's own environment: no value of it that the inside was not given may be seen there. */
  readonly brokerEnv: Readonly<Record<string, string | undefined>>;
  readonly own: (directories: readonly string[]) => Promise<void>;
  readonly open: (spec: RoomSpec) => Promise<Room>;
}

const patienceMs = 10_000;
/** Shorter values (`1`, `true`) are everywhere. */
const leastMarkerLength = 8;

/** Why the sandbox must not be used; empty when it holds. Never rejects. */
export async function probeSandbox(options: ProbeOptions): Promise<readonly string[]> {
  const directory = join(options.directory, 'probe');
  const names = ['tree', 'home', 'tmp', 'logs'] as const;
  let server: Server | null = null;
  try {
    const places = names.map((name) => join(directory, name));
    await Promise.all(places.map((place) => mkdir(place, { recursive: true, mode: 0o700 })));
    const [root = '', home = '', temporary = '', logs = ''] = places;
    const secret = join(directory, 'outside');
    await Promise.all([writeFile(secret, 'outside'), options.own(places)]);
    server = await listen();
    const room = await options.open({ root, home, temporary, logs, objects: [], network: null, produced: null });
    try {
      return await tryOut(room, secret, portOf(server), options);
    } finally {
      await room.close();
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    server?.close();
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function tryOut(
  room: Room,
  secret: string,
  port: number,
  { env, brokerEnv }: ProbeOptions,
): Promise<readonly string[]> {
  const nonce = randomUUID();
  const inside = { ...env, HOME: room.paths.home, TMPDIR: room.paths.temporary };
  const given = Object.values(inside);
  // Part of one that was given is there by right: PATH may name the folder that we work in.
  const isGiven = (value: string): boolean => given.some((one) => one.includes(value));
  const values = Object.values(brokerEnv).flatMap((value) => value ?? []);
  const markers = values.filter((value) => value.length >= leastMarkerLength && !isGiven(value));
  const argv = ['bash', '-c', probeScript, 'probe', nonce, String(port), secret] as const;
  const { output, exitCode } = await outputOf(room, argv, inside);
  return judgeProbe(output, exitCode, { nonce, markers });
}

async function outputOf(room: Room, argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>) {
  const box = room.start({ argv, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let failure = '';
  box.child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  box.child.stderr?.on('data', (chunk: Buffer) => (failure += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => {
    const timer = setTimeout(() => void box.end(), patienceMs);
    box.child.on('error', (error) => {
      failure += error.message;
      clearTimeout(timer);
      resolve(null);
    });
    box.child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
  return { output: output === '' ? failure : output, exitCode };
}

function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
