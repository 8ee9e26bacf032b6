// Tries a sandbox out with the real profile before anything is trusted to it.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { judgeProbe, networkProbeScript, probeScript, showsOverlay } from '../../sandbox/box/probe-script.ts';
import { removeFilled } from '../tree-place.ts';
import type { BoxSpec, Room, RoomSpec } from '../../sandbox/box/sandbox.ts';

export interface ProbeOptions {
  /** A folder for us alone. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** The broker's own environment: no value of it that the inside was not given may be seen there. */
  readonly brokerEnv: Readonly<Record<string, string | undefined>>;
  /** Whether the backend can have trees that are overlays at all. */
  readonly mayOverlay: boolean;
  readonly own: (directories: readonly string[]) => Promise<void>;
  readonly open: (spec: RoomSpec) => Promise<Room>;
}

const patienceMs = 10_000;
/** Shorter values (`1`, `true`) are everywhere. */
const leastMarkerLength = 8;

export interface Probed {
  /** Why the sandbox must not be used; empty when it holds. */
  readonly faults: readonly string[];
  readonly hasOverlays: boolean;
}

/** Tries a room whose tree is an overlay, and one with a plain folder where there can be none. Never rejects. */
export async function probeSandbox(options: ProbeOptions): Promise<Probed> {
  const first = options.mayOverlay ? await probeOnce(options, true) : null;
  return first?.hasOverlays === true ? first : probeOnce(options, false);
}

async function probeOnce(options: ProbeOptions, overlay: boolean): Promise<Probed> {
  const directory = join(options.directory, 'probe');
  let server: Server | null = null;
  try {
    const places = await makePlaces(directory, options.own, overlay);
    const secret = join(directory, 'outside');
    await writeFile(secret, 'outside');
    server = await listen();
    const room = await options.open({ ...places, objects: [], network: null, produced: null });
    try {
      const port = portOf(server);
      // Commands get one of two networks, and neither may lead anywhere.
      const [alone, beside] = await Promise.all([
        tryOut(room, { script: probeScript, port, secret, sharesNetwork: false }, options),
        tryOut(room, { script: networkProbeScript, port, secret, sharesNetwork: true }, options),
      ]);
      const isBelowWhole = !overlay || existsSync(join(directory, 'below', 'gone'));
      const faults = [alone, beside].flatMap((one) => judgeProbe(one.output, one.exitCode, one.expected));
      return {
        faults: [...new Set(faults)],
        hasOverlays: overlay && showsOverlay(alone.output) && isBelowWhole,
      };
    } finally {
      await room.close();
    }
  } catch (error) {
    return { faults: [error instanceof Error ? error.message : String(error)], hasOverlays: false };
  } finally {
    server?.close();
    // The kernel leaves a folder in the work folder of an overlay that only root may look into.
    await rm(directory, { recursive: true, force: true }).catch(() => removeFilled([directory]).catch(() => undefined));
  }
}

async function makePlaces(directory: string, own: ProbeOptions['own'], overlay: boolean) {
  const at = (name: string): string => join(directory, name);
  const names = ['tree', 'home', 'tmp', 'logs', ...(overlay ? ['below/folder', 'upper', 'work'] : [])];
  await Promise.all(names.map((name) => mkdir(at(name), { recursive: true, mode: 0o755 })));
  if (overlay) {
    await Promise.all(['kept', 'gone', 'folder/in'].map((name) => writeFile(at(`below/${name}`), 'below\n')));
    await own(['below/kept', 'below/gone', 'below/folder/in', 'below/folder', 'below', 'upper', 'work'].map(at));
  }
  await own(['tree', 'home', 'tmp', 'logs'].map(at));
  const tree: RoomSpec['tree'] = overlay
    ? { kind: 'overlay', below: [at('below')], upper: at('upper'), work: at('work') }
    : { kind: 'folder', path: at('tree') };
  return { tree, home: at('home'), temporary: at('tmp'), logs: at('logs') };
}

interface Attempt {
  readonly script: string;
  /** Of the machine, where something listens. */
  readonly port: number;
  /** A file of the machine. */
  readonly secret: string;
  readonly sharesNetwork: boolean;
}

async function tryOut(room: Room, attempt: Attempt, { env, brokerEnv }: ProbeOptions) {
  const nonce = randomUUID();
  const inside = { ...env, HOME: room.paths.home, TMPDIR: room.paths.temporary };
  const given = Object.values(inside);
  // Part of one that was given is there by right: PATH may name the folder that we work in.
  const isGiven = (value: string): boolean => given.some((one) => one.includes(value));
  const values = Object.values(brokerEnv).flatMap((value) => value ?? []);
  const markers = values.filter((value) => value.length >= leastMarkerLength && !isGiven(value));
  const { script, port, secret, sharesNetwork } = attempt;
  const argv = ['bash', '-c', script, 'probe', nonce, String(port), secret] as const;
  return { ...(await outputOf(room, { argv, env: inside, sharesNetwork })), expected: { nonce, markers } };
}

async function outputOf(room: Room, spec: Pick<BoxSpec, 'argv' | 'env' | 'sharesNetwork'>) {
  const box = room.start({ ...spec, stdio: ['ignore', 'pipe', 'pipe'] });
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
