// Plays a mini-broker: as root or as an ordinary user, with the backend that a test names.
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chownSync, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { CommandResult, SavedTree, ToolResult } from '../../src/ports.ts';
import type { SandboxConfig, SandboxFacts } from '../../src/types.ts';
import { bundleToolhost, makeRepository } from '../adapters/git-bed.ts';
import type { MiniBrokerOptions, MiniBrokerRequest } from './mini-broker.ts';

/** Found in no process of a sandbox, and in no file that one sees. */
export const brokerSecret = 'planted-secret-of-the-broker-0123456789';

/** One way to be kept in. */
export interface Flavour {
  /** Name of the backend, for people. */
  readonly name: string;
  readonly choice: SandboxConfig['backend'];
  /** Number of the user that the broker runs as. */
  readonly userId: number;
  readonly maySudo?: boolean;
}

const own = process.getuid?.() ?? 0;
/** Somebody who owns nothing here. Only root can become them. */
const ordinaryUser = own === 0 ? 1001 : own;

export const flavours: readonly Flavour[] = [
  { name: 'namespaces (root)', choice: 'namespaces', userId: 0 },
  { name: 'namespaces (user namespace)', choice: 'namespaces', userId: ordinaryUser },
  { name: 'namespaces (user namespace, made by sudo)', choice: 'namespaces', userId: ordinaryUser, maySudo: true },
  { name: 'bubblewrap (root)', choice: 'bubblewrap', userId: 0 },
  { name: 'bubblewrap (user namespace)', choice: 'bubblewrap', userId: ordinaryUser },
];

export const noSandbox: Flavour = { name: 'off', choice: 'off', userId: own };

export interface SandboxedBroker {
  readonly pid: number;
  /** Root of what only the broker may see: its home, its temporary files, the checkout. */
  readonly directory: string;
  run(command: string, timeoutMs?: number): Promise<CommandResult>;
  call(tool: string, input: unknown): Promise<ToolResult>;
  save(): Promise<SavedTree>;
  facts(): Promise<SandboxFacts>;
  /** Opens a second tree beside the first. */
  openSecond(): Promise<void>;
  quiesce(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface BrokerBundles {
  readonly directory: string;
  readonly broker: string;
  readonly toolhost: string;
  remove(): Promise<void>;
}

/** Bundles what the brokers run, readable for every user. */
export async function bundleBroker(): Promise<BrokerBundles> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'broker-')));
  await chmod(directory, 0o755);
  const broker = join(directory, 'mini-broker.cjs');
  await build({
    ...{ entryPoints: ['__tests__/support/mini-broker.ts'], outfile: broker, logLevel: 'error' },
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
  });
  const toolhost = await bundleToolhost(directory);
  return { directory, broker, toolhost, remove: () => rm(directory, { recursive: true, force: true }) };
}

export interface BrokerSettings {
  readonly files?: Readonly<Record<string, string>>;
  readonly memoryBytes?: number;
  /** The trees lie on a disk of so many bytes. Only root can make one. */
  readonly diskBytes?: number;
}

/** A disk in memory at $1, for user $2, of $3 bytes, that only the command behind them sees. */
const onDisk = `mount -t tmpfs -o "size=$3,uid=$2,gid=$2,mode=700" disk "$1"
user=$2; shift 3
exec setpriv --reuid "$user" --regid "$user" --clear-groups "$@"`;

/** Starts one. Rejects, with its reason, when the machine does not have the flavour. */
export async function startBroker(
  flavour: Flavour,
  bundles: BrokerBundles,
  { files = { 'a.txt': 'one\n' }, memoryBytes, diskBytes }: BrokerSettings = {},
): Promise<SandboxedBroker> {
  if (own !== 0 && flavour.userId !== own) throw new Error('these tests do not run as root');
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'attack-')));
  const checkout = join(directory, 'checkout');
  await makeRepository(checkout, files);
  await plantSecrets(directory);
  if (own === 0) give(directory, flavour.userId);
  const options: MiniBrokerOptions = {
    ...{ choice: flavour.choice, only: flavour.choice === 'off' ? null : flavour.name, directory, checkout },
    ...{ toolhostPath: bundles.toolhost, maySudo: flavour.maySudo ?? false, memoryBytes: memoryBytes ?? null },
  };
  const trees = join(directory, 'trees');
  if (diskBytes !== undefined) await mkdir(trees);
  const disk = ['--mount', '--propagation', 'private', 'sh', '-c', onDisk, 'disk', trees, String(flavour.userId)];
  const before = diskBytes === undefined ? [] : ['unshare', ...disk, String(diskBytes)];
  const [program = '', ...args] = [...before, process.execPath, bundles.broker, JSON.stringify(options)];
  const child = spawn(program, args, {
    cwd: directory,
    ...(own === 0 && diskBytes === undefined ? { uid: flavour.userId, gid: flavour.userId } : {}),
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: join(directory, 'home'),
      RUNNER_TEMP: join(directory, 'runner'),
      ANTHROPIC_API_KEY: brokerSecret,
      GITHUB_TOKEN: brokerSecret,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const broker = brokerOf(child, directory);
  try {
    await broker.facts();
    return broker;
  } catch (error) {
    await broker.close();
    throw error;
  }
}

/** Files that an agent would like to read. */
async function plantSecrets(directory: string): Promise<void> {
  for (const [path, name] of [
    ['home/.ssh', 'id'],
    ['home', '.npmrc'],
    ['runner', 'token'],
  ] as const) {
    await mkdir(join(directory, path), { recursive: true });
    await writeFile(join(directory, path, name), brokerSecret);
  }
}

const give = (directory: string, userId: number): void => {
  execFileSync('chown', ['-R', `${String(userId)}:${String(userId)}`, directory]);
  chownSync(directory, userId, userId);
};

function brokerOf(child: ChildProcessWithoutNullStreams, directory: string): SandboxedBroker {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let [lastId, words] = [0, ''];
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, value, error }: { id: number; value: unknown; error?: string } = JSON.parse(line);
    if (error === undefined) waiting.get(id)?.resolve(value);
    else waiting.get(id)?.reject(new Error(error));
    waiting.delete(id);
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  void ended.then(() => waiting.forEach(({ reject }) => reject(new Error(`the broker is gone: ${words}`))));
  const ask = <T>(request: MiniBrokerRequest): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve: (value) => resolve(Object(value)), reject });
      child.stdin.write(`${JSON.stringify({ id, request })}\n`);
    });
  return {
    pid: child.pid ?? 0,
    directory,
    run: (command, timeoutMs = 30_000) => ask({ kind: 'run', command, timeoutMs }),
    call: (tool, input) => ask({ kind: 'call', tool, input }),
    save: () => ask({ kind: 'save' }),
    facts: () => ask({ kind: 'facts' }),
    openSecond: () => ask({ kind: 'open' }),
    quiesce: () => ask({ kind: 'quiesce' }),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) child.stdin.end();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Command lines of all processes of the machine. */
export const commandLines = (): string =>
  existsSync('/proc') ? execFileSync('ps', ['axo', 'args'], { encoding: 'utf8' }) : '';
