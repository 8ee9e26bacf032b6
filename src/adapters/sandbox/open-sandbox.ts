// The sandbox of a run: the backends that this machine may have, in their order, each tried out; the first that holds.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { RunError } from '../../errors.ts';
import type { SandboxConfig } from '../../types.ts';
import type { Room, RoomSpec, Sandbox } from '../../sandbox/box/sandbox.ts';
import { enterScript } from '../../sandbox/box/enter-script.ts';
import { agentIdOf, mayBecome } from './agent-user.ts';
import { openBubblewrap } from './bubblewrap-backend.ts';
import { enterName } from './filter-argv.ts';
import { readHost, type Host } from './host.ts';
import { emptyName } from './object-binds.ts';
import { openNamespaces } from './namespaces-backend.ts';
import { openNoSandbox } from './no-sandbox.ts';
import { probeSandbox } from './probe-sandbox.ts';
import { processesOf, usersWithProcesses } from './process-family.ts';

export interface SandboxOptions {
  readonly choice: SandboxConfig['backend'];
  /** The one backend to try, by its name for people. Default: all of the choice, in their order. */
  readonly only?: string;
  /** What commands are to reach; only told here. */
  readonly network: SandboxConfig['network'];
  /** Made with mode 0700; removed at the end. */
  readonly directory: string;
  readonly toolhostPath: string;
  readonly shims: string;
  /** The broker's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further paths of the machine that the inside may read. */
  readonly readOnlyPaths: readonly string[];
  /** True where `sudo` may be asked: on GitHub's own runners, which are thrown away. */
  readonly maySudo: boolean;
}

interface Backend {
  readonly lacks: readonly string[];
  open(spec: RoomSpec): Promise<Room>;
  close(): Promise<void>;
}

interface Candidate {
  readonly choice: SandboxConfig['backend'];
  readonly name: string;
  readonly open: () => Promise<Backend>;
}

/**
 * Opens and tries the sandbox. @throws RunError `no-sandbox` when none holds: a run without one is never started instead.
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const host = readHost(options.env, options.readOnlyPaths);
  if (options.choice === 'off') return openNoSandbox({ ...options, env: { PATH: options.env['PATH'] ?? '' } });
  const agentId = agentIdOf(process.pid, usersWithProcesses());
  const settings = writeSettings(options.directory, agentId);
  const wanted = candidates(host, { ...options, settings, agentId }).filter(
    ({ choice, name }) => (options.choice === 'auto' || options.choice === choice) && (options.only ?? name) === name,
  );
  const own = (directories: readonly string[]) => giveTo(agentId, directories);
  const faults: string[] = [];
  for (const candidate of wanted) {
    const { name } = candidate;
    const opened = await attempt(candidate, { ...options, host, own });
    if (typeof opened !== 'string') return sandboxOf(name, opened, { ...options, host, own, agentId });
    faults.push(`${name}: ${opened}`);
  }
  throw new RunError('no-sandbox', {
    faults: faults.length === 0 ? 'none is known for this system' : faults.join('; '),
  });
}

interface CandidateOptions extends SandboxOptions {
  readonly settings: string;
  readonly agentId: number;
}

function candidates(host: Host, options: CandidateOptions): readonly Candidate[] {
  if (process.platform !== 'linux') return [];
  const mountPoint = join(options.directory, 'view');
  const namespaces = (flavour: 'root' | 'user' | 'user-by-sudo', name: string): Candidate => ({
    choice: 'namespaces',
    name: `namespaces (${name})`,
    open: async () => {
      mkdirSync(mountPoint, { recursive: true, mode: 0o700 });
      return openNamespaces({ ...options, host, mountPoint, flavour });
    },
  });
  const bubblewrap = (flavour: 'root' | 'user', name: string): Candidate => ({
    choice: 'bubblewrap',
    name: `bubblewrap (${name})`,
    open: async () => openBubblewrap({ ...options, host, flavour }),
  });
  if (mayBecome(options.agentId)) return [namespaces('root', 'root'), bubblewrap('root', 'root')];
  return [
    namespaces('user', 'user namespace'),
    ...(options.maySudo ? [namespaces('user-by-sudo', 'user namespace, made by sudo')] : []),
    bubblewrap('user', 'user namespace'),
  ];
}

/** The backend, or why it cannot be used. */
async function attempt(
  { choice, open }: Candidate,
  { directory, env, host, own }: SandboxOptions & { readonly host: Host; readonly own: Sandbox['own'] },
): Promise<TriedBackend | string> {
  let backend: Backend;
  try {
    backend = await open();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const mayOverlay = choice === 'namespaces';
  const probe = { directory, env: host.env, brokerEnv: env, own, open: backend.open, mayOverlay };
  const { faults, hasOverlays } = await probeSandbox(probe);
  if (faults.length === 0) return { ...backend, hasOverlays };
  await backend.close();
  return faults.join(', ');
}

interface TriedBackend extends Backend {
  readonly hasOverlays: boolean;
}

interface SandboxDeps extends Pick<SandboxOptions, 'network'> {
  readonly host: Host;
  readonly own: Sandbox['own'];
  readonly agentId: number;
}

function sandboxOf(name: string, backend: TriedBackend, { host, own, agentId, network }: SandboxDeps): Sandbox {
  const hasOwnUser = mayBecome(agentId);
  return {
    facts: { backend: name, network, lacks: backend.lacks },
    env: host.env,
    hasOverlays: backend.hasOverlays,
    own,
    open: backend.open,
    leftovers: () => Promise.resolve(hasOwnUser ? processesOf(agentId) : []),
    close: backend.close,
  };
}

async function giveTo(agentId: number, directories: readonly string[]): Promise<void> {
  if (!mayBecome(agentId)) return;
  await Promise.all(directories.map((directory) => chown(directory, agentId, agentId)));
}

/** Stand-ins for files of /etc: no account of the machine is shown. In a user namespace commands see themselves as number 0. */
function writeSettings(directory: string, agentId: number): string {
  const folder = join(directory, 'settings');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, emptyName), { recursive: true, mode: 0o755 });
  const id = `${agentId}:${agentId}`;
  const texts = {
    passwd: `root:x:0:0:root:/home/agent:/bin/sh\nagent:x:${id}:agent:/home/agent:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n`,
    group: `root:x:0:\nagent:x:${agentId}:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    [enterName]: enterScript(process.arch) ?? '',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text, { mode: 0o644 });
  return folder;
}
