// Bubblewrap: each process in a view and namespaces of its own, made by one program that is installed on many systems.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Room, RoomSpec } from '../../sandbox/box/sandbox.ts';
import { boxOf } from './box-process.ts';
import type { Host } from './host.ts';
import { enterName, filterArgv, unfiltered } from './filter-argv.ts';
import { roomPaths } from './namespaces-backend.ts';
import { objectBinds, objectPaths } from './object-binds.ts';

export interface BubblewrapOptions {
  /** `root`: we are root, and commands get another user. `user`: in a user namespace. */
  readonly flavour: 'root' | 'user';
  readonly host: Host;
  readonly toolhostPath: string;
  readonly shims: string;
  readonly settings: string;
  readonly agentId: number;
}

export interface BubblewrapBackend {
  readonly lacks: readonly string[];
  open(spec: RoomSpec): Promise<Room>;
  close(): Promise<void>;
}

/** Throws with the reason when a program is missing; whether it works is for the probe to say. */
export function openBubblewrap(options: BubblewrapOptions): BubblewrapBackend {
  const { host, flavour } = options;
  const needed = flavour === 'root' ? ['bwrap', 'setpriv'] : ['bwrap'];
  const missing = needed.filter((name) => host.tool(name) === null);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} is not installed`);
  const filter = filterArgv(host);
  return {
    lacks: [
      ...(filter === null ? [unfiltered] : []),
      'What a command in the background listens on cannot be reached from another command.',
    ],
    open: (spec) => Promise.resolve(openRoom(spec, filter ?? [], options)),
    close: () => Promise.resolve(),
  };
}

function openRoom(spec: RoomSpec, filter: readonly string[], options: BubblewrapOptions): Room {
  const { host } = options;
  const view = viewArgv(spec, options);
  return {
    paths: roomPaths,
    objects: objectPaths(spec.objects),
    isContained: true,
    node: host.node.isShown ? host.node.path : '/ai/node',
    toolhost: '/ai/toolhost.cjs',
    shims: '/ai/shims',
    start: ({ argv, env, stdio }) => {
      const args = [...view, '--', ...becomeArgv(options), ...filter, ...argv];
      return boxOf(spawn(host.tool('bwrap') ?? 'bwrap', args, { env, cwd: '/', detached: true, stdio }));
    },
    close: () => Promise.resolve(),
  };
}

/** No mount point lies in the tree, which is the agent's to rename; the top directory is closed last. */
function viewArgv(spec: RoomSpec, options: BubblewrapOptions): string[] {
  const { flavour, host, toolhostPath, shims, settings } = options;
  const id = String(options.agentId);
  const show = (from: string, at = from): string[] => ['--ro-bind', from, at];
  const { tree, home, temporary, logs, objects, produced } = spec;
  const root = folderOf(tree);
  return [
    ...(flavour === 'user'
      ? ['--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--uid', id, '--gid', id]
      : []),
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session', '--hostname', 'sandbox'],
    ...parentsOf([...host.view.shown, '/home/agent', '/ai/objects/0', '/etc/passwd']).flatMap((path) => [
      ...['--perms', '0755', '--dir', path],
    ]),
    ...host.view.links.flatMap(({ at, to }) => ['--symlink', to, at]),
    ...host.view.shown.flatMap((path) => show(path)),
    ...['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => show(join(settings, name), `/etc/${name}`)),
    ...show(join(settings, enterName), `/ai/${enterName}`),
    ...[
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--perms',
      '1777',
      '--size',
      String(512 * 1024 * 1024),
      '--tmpfs',
      '/dev/shm',
      '--remount-ro',
      '/dev',
      '--dir',
      '/run',
      '--dir',
      '/var',
      '--symlink',
      '/tmp',
      '/var/tmp',
    ],
    ...['--bind', root, roomPaths.root, '--bind', home, roomPaths.home, '--bind', temporary, roomPaths.temporary],
    ...['--bind', logs, roomPaths.logs, ...show(toolhostPath, '/ai/toolhost.cjs'), ...show(shims, '/ai/shims')],
    ...(host.node.isShown ? [] : show(host.node.path, '/ai/node')),
    ...(spec.network === null ? [] : show(spec.network, roomPaths.network)),
    ...objectBinds(objects, settings).flatMap(({ from, at }) => show(from, at)),
    ...(produced?.paths ?? []).flatMap((path) =>
      show(join(produced?.root ?? '', path), join(roomPaths.produced, path)),
    ),
    ...['--remount-ro', '/', '--chdir', roomPaths.root],
  ];
}

/** Folders above these, outermost first: those that are not named are made for the one who starts it alone. */
function parentsOf(paths: readonly string[]): readonly string[] {
  const parents = paths.flatMap((path) => {
    const names = path.split('/').slice(1, -1);
    return names.map((_name, i) => `/${names.slice(0, i + 1).join('/')}`);
  });
  return [...new Set(parents)].sort();
}

function becomeArgv({ flavour, host, agentId }: BubblewrapOptions): readonly string[] {
  if (flavour === 'user') return [];
  const id = String(agentId);
  const become = ['--reuid', id, '--regid', id, '--clear-groups'];
  return [
    host.tool('setpriv') ?? 'setpriv',
    ...become,
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all',
    '--',
  ];
}

/** Its mounts end with each command, and an overlay has to outlive it. */
function folderOf(tree: RoomSpec['tree']): string {
  if (tree.kind === 'folder') return tree.path;
  throw new Error('a tree in bubblewrap is a folder');
}
