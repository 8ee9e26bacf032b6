// Namespaces of the kernel, entered with util-linux: nothing has to be installed or fetched. The run has a mount namespace
// with the view of the machine, each tree one of its own in that, and each command processes and a network of its own, with a
// loopback device only. What listens in the background does so in the network of its tree.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { Box, Room, RoomPaths, RoomSpec } from '../../sandbox/box/sandbox.ts';
import { runViewProgram } from '../../sandbox/box/run-view-program.ts';
import { firstProcessScript, runViewScript, treeViewScript } from '../../sandbox/box/view-scripts.ts';
import { treeViewProgram } from '../../sandbox/box/tree-view-script.ts';
import { boxOf } from './box-process.ts';
import { enterName, joinArgv, unfiltered } from './filter-argv.ts';
import { startHolder, type Holder } from './holder.ts';
import { objectBinds, objectPaths } from './object-binds.ts';
import type { Host } from './host.ts';
import { createTreeViews, type TreeViews } from './tree-views.ts';

/**
 * `root`: we are root, and commands get another user. `user`: a user namespace that we may make ourselves. `user-by-sudo`: the
 * same, made once by `sudo` where the system forbids it to others (AppArmor on Ubuntu 24.04).
 */
export type NamespacesFlavour = 'root' | 'user' | 'user-by-sudo';

export interface NamespacesOptions {
  readonly flavour: NamespacesFlavour;
  readonly host: Host;
  /** An empty folder that the view is mounted on, for us alone. */
  readonly mountPoint: string;
  /** The bundled dist/toolhost.cjs. */
  readonly toolhostPath: string;
  readonly shims: string;
  /** Files that stand for those of /etc, by their names. */
  readonly settings: string;
  /** User and group of commands, where we are root. */
  readonly agentId: number;
}

export interface NamespacesBackend {
  readonly lacks: readonly string[];
  open(spec: RoomSpec): Promise<Room>;
  close(): Promise<void>;
}

export const roomPaths: RoomPaths = {
  root: '/tree',
  upper: '/ai/upper',
  home: '/home/agent',
  temporary: '/tmp',
  logs: '/ai/logs',
  produced: '/ai/produced',
  network: '/ai/network',
};

const programs = ['sh', 'nsenter', 'unshare', 'setpriv', 'mount', 'umount', 'pivot_root'] as const;
type Programs = Readonly<Record<(typeof programs)[number], string>>;

/** Builds the view of the run. Rejects with the reason when the machine does not let us. */
export async function openNamespaces(options: NamespacesOptions): Promise<NamespacesBackend> {
  const tools = findPrograms(options.host);
  const run = await startHolder(runArgv(options, tools));
  const views = openViews(run.pid, options);
  const isFiltered = joinOf(run.pid, false, options) !== null;
  return {
    lacks: isFiltered ? [] : [unfiltered, ...(hasIp(options) ? [] : [oneNetwork])],
    open: (spec) => openRoom(spec, run, { ...options, tools, views }),
    close: async () => {
      await views?.close();
      await run.close();
    },
  };
}

/** Without perl it is `ip` that raises a loopback device. */
const hasIp = ({ host }: NamespacesOptions): boolean => host.tool('ip') !== null;

/** Said where neither is there. */
const oneNetwork = 'Commands of one tree share a network: neither perl nor ip is installed.';

function openViews(pid: number, { flavour, host }: NamespacesOptions): TreeViews | null {
  const [perl, program] = [host.tool('perl'), treeViewProgram(process.arch)];
  if (perl === null || program === null) return null;
  return createTreeViews([perl, '-e', program, '--', String(pid), flavour === 'root' ? '-' : 'user']);
}

function findPrograms({ tool }: Host): Programs {
  const missing = programs.filter((name) => tool(name) === null);
  if (missing.length > 0) throw new Error(`${missing.join(', ')} of util-linux is not installed`);
  const found = (name: (typeof programs)[number]): string => tool(name) ?? name;
  return {
    sh: found('sh'),
    nsenter: found('nsenter'),
    unshare: found('unshare'),
    setpriv: found('setpriv'),
    mount: found('mount'),
    umount: found('umount'),
    pivot_root: found('pivot_root'),
  };
}

function runArgv(options: NamespacesOptions, tools: Programs): [string, ...string[]] {
  const { flavour, host, mountPoint } = options;
  const own = flavour === 'root' ? [] : ['--user', '--map-root-user'];
  const make = [...own, '--mount', '--propagation', 'private', ...runBuilder(options, tools)];
  const argv: [string, ...string[]] = [tools.unshare, ...make, mountPoint, ...viewInstructions(options), '--'];
  if (flavour !== 'user-by-sudo') return argv;
  const sudo = host.tool('sudo');
  if (sudo === null) throw new Error('sudo is not installed');
  // The namespace is made by us and for us, with one right of root's for as long as that takes.
  const [user, group] = [String(process.getuid?.() ?? 0), String(process.getgid?.() ?? 0)];
  const become = ['--reuid', user, '--regid', group, '--clear-groups', '--inh-caps', '+sys_admin'];
  return [sudo, '-n', '--', tools.setpriv, ...become, '--ambient-caps', '+sys_admin', '--', ...argv];
}

function runBuilder({ host }: NamespacesOptions, tools: Programs): readonly string[] {
  const [perl, program] = [host.tool('perl'), runViewProgram(process.arch)];
  if (perl === null || program === null) return [tools.sh, '-c', runViewScript, 'ai-implement'];
  return [perl, '-e', program, '--'];
}

function viewInstructions({ host, toolhostPath, shims, settings }: NamespacesOptions): readonly string[] {
  const show = (from: string, at = from): string[] => ['show', from, at, host.mountOptions(from)];
  const folders = ['/proc', '/run', '/var', '/etc', '/.machine', ...Object.values(roomPaths)];
  const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
  return [
    ...folders.flatMap((folder) => ['dir', folder]),
    ...['link', '/tmp', '/var/tmp'],
    ...host.view.links.flatMap(({ at, to }) => ['link', to, at]),
    ...host.view.shown.flatMap((path) => show(path)),
    ...['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => show(join(settings, name), `/etc/${name}`)),
    ...show(join(settings, enterName), `/ai/${enterName}`),
    ...['fresh', '/dev', ',mode=755,size=64k'],
    ...devices.flatMap((name) => ['device', name]),
    ...['dir', '/dev/pts', 'fresh', '/dev/shm', ',mode=1777,size=512m', 'link', 'pts/ptmx', '/dev/ptmx'],
    ...['link', '/proc/self/fd', '/dev/fd', 'link', 'fd/0', '/dev/stdin', 'link', 'fd/1', '/dev/stdout'],
    ...['link', 'fd/2', '/dev/stderr', ...show(toolhostPath, '/ai/toolhost.cjs'), ...show(shims, '/ai/shims')],
    ...(host.node.isShown ? [] : show(host.node.path, '/ai/node')),
  ];
}

interface RoomDeps extends NamespacesOptions {
  readonly tools: Programs;
  /** Null where there is no perl. */
  readonly views: TreeViews | null;
}

async function openRoom(spec: RoomSpec, run: Holder, deps: RoomDeps): Promise<Room> {
  const { tools, flavour, host, mountPoint } = deps;
  const own = flavour === 'root' ? [] : ['-U', '--preserve-credentials'];
  const enter = (pid: number, ...kinds: string[]): [string, ...string[]] => [
    tools.nsenter,
    '-t',
    String(pid),
    ...own,
    ...kinds,
    '--',
  ];
  const make = ['--mount', '--net', '--ipc', '--uts', '--propagation', 'private', tools.sh, '-c', treeViewScript];
  const instructions = [mountPoint, ...roomInstructions(spec, deps)];
  const tree =
    deps.views === null
      ? await startHolder([...enter(run.pid, '-m'), tools.unshare, ...make, 'ai-implement', ...instructions, '--'])
      : await deps.views.make(instructions);
  const beforeOf = (sharesNetwork: boolean): readonly string[] => {
    const unfilteredJoin = [...enter(tree.pid, '-m', '-n', '-i', '-u'), ...unfilteredArgv(sharesNetwork, deps)];
    return joinOf(tree.pid, sharesNetwork, deps) ?? unfilteredJoin;
  };
  const before = { own: beforeOf(false), shared: beforeOf(true) };
  return {
    paths: roomPaths,
    objects: objectPaths(spec.objects),
    isContained: true,
    node: host.node.isShown ? host.node.path : '/ai/node',
    toolhost: '/ai/toolhost.cjs',
    shims: '/ai/shims',
    start: ({ argv, env, stdio, sharesNetwork = false }): Box => {
      const [program, ...args] = [...(sharesNetwork ? before.shared : before.own), ...argv];
      return boxOf(spawn(program ?? '', args, { env, cwd: '/', detached: true, stdio }));
    },
    close: tree.close,
  };
}

function roomInstructions(spec: RoomSpec, { host, settings, flavour }: NamespacesOptions): readonly string[] {
  const show = (from: string, at: string): string[] => ['show', from, at, host.mountOptions(from)];
  const bind = (from: string, at: string): string[] => ['bind', from, at];
  const { tree, home, temporary, logs, objects, produced } = spec;
  return [
    ...(tree.kind === 'folder'
      ? bind(tree.path, roomPaths.root)
      : [...overlayInstruction(tree, flavour), ...show(tree.upper, roomPaths.upper)]),
    ...bind(home, roomPaths.home),
    ...bind(temporary, roomPaths.temporary),
    ...bind(logs, roomPaths.logs),
    ...objectBinds(objects, settings).flatMap(({ from, at }) => show(from, at)),
    ...(spec.network === null ? [] : show(spec.network, roomPaths.network)),
    ...(produced === null ? [] : ['fresh', roomPaths.produced, ',mode=755,size=1m']),
    ...(produced?.paths ?? []).flatMap((path) =>
      show(join(produced?.root ?? '', path), join(roomPaths.produced, path)),
    ),
  ];
}

/** What stands before a command, to run it in the namespaces of a tree's holder. */
function joinOf(
  pid: number,
  sharesNetwork: boolean,
  { flavour, host, agentId, settings }: NamespacesOptions,
): readonly string[] | null {
  const whose = flavour === 'root' ? { userId: agentId, ownUsers: false } : { userId: null, ownUsers: true };
  const path = join(settings, enterName);
  return joinArgv(host, { path, pid, ...whose, sharesNetwork, directory: roomPaths.root });
}

/** The same with util-linux and without a filter, where there is no perl; the namespaces are entered before. */
function unfilteredArgv(sharesNetwork: boolean, deps: RoomDeps): readonly string[] {
  const { tools, flavour, agentId } = deps;
  const id = String(agentId);
  const become = flavour === 'root' ? ['--reuid', id, '--regid', id, '--clear-groups'] : [];
  return [
    ...[tools.setpriv, '--pdeathsig', 'KILL', '--'],
    ...[tools.unshare, '--pid', '--fork', '--kill-child=KILL', '--mount-proc'],
    ...(sharesNetwork || !hasIp(deps) ? ['--'] : ['--net', '--']),
    ...[tools.sh, '-c', firstProcessScript, 'ai-implement', roomPaths.root],
    ...[tools.setpriv, ...become, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--'],
  ];
}

/** Characters that mean something in the options of a mount. */
const meant = /[,:\\]/;

/**
 * Directories are not renamed by reference and files not copied by their attributes alone, so that the upper layer by itself
 * says what was changed (docs.kernel.org/filesystems/overlayfs.html). Throws for a path that a mount would misread.
 */
function overlayInstruction(
  { below, upper, work }: Extract<RoomSpec['tree'], { kind: 'overlay' }>,
  flavour: NamespacesFlavour,
): readonly string[] {
  const wrong = [...below, upper, work].find((path) => meant.test(path));
  if (wrong !== undefined) throw new Error(`${wrong} holds a character that mount(8) would misread`);
  const places = [`lowerdir=${below.join(':')}`, `upperdir=${upper}`, `workdir=${work}`];
  const ways = ['redirect_dir=nofollow', 'metacopy=off', 'index=off', ...(flavour === 'root' ? [] : ['userxattr'])];
  return ['overlay', [...places, ...ways].join(','), roomPaths.root];
}
