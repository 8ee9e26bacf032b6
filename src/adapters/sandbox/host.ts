// What a sandbox needs to know of the machine: its programs, what may be shown of it, and how that is mounted.
import { accessSync, constants, existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { hostView, toolHomes, type HostView } from '../../sandbox/box/host-view.ts';

export interface Host {
  readonly view: HostView;
  /** Absolute path of one of the system's own programs; null when it is not installed. */
  readonly tool: (name: string) => string | null;
  /** Options that the mount of a path has and a bind of it must keep, each after a comma. */
  readonly mountOptions: (path: string) => string;
  /** PATH of the inside, without the shims, and the homes of tools. */
  readonly env: Readonly<Record<string, string>>;
  /** The node that runs us, and whether it is part of the view. */
  readonly node: { readonly path: string; readonly isShown: boolean };
}

/** Never the PATH of a job: what it names first may be a stranger's. */
const systemFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/**
 * Looks at the machine. @param env the broker's own environment
 * @param extra further paths that the inside shows
 */
export function readHost(env: Readonly<Record<string, string | undefined>>, extra: readonly string[]): Host {
  const path = (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter).filter(isAbsolute);
  const home = env['HOME'] ?? homedir();
  const view = hostView({ exists: existsSync, linkOf, home, path }, extra);
  const isShown = (place: string): boolean =>
    [...view.shown, ...view.links.map(({ at }) => at)].some((one) => place === one || place.startsWith(`${one}/`));
  return {
    view,
    tool: (name) => systemFolders.map((folder) => join(folder, name)).find(isProgram) ?? null,
    mountOptions: createMountOptions(),
    env: { ...toolHomes(env, view.shown, home), PATH: [...new Set(path.filter(isShown))].join(delimiter) },
    node: { path: process.execPath, isShown: isShown(process.execPath) },
  };
}

function linkOf(path: string): string | null {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** In a user namespace these are locked: a bind that lacks one of them is refused (mount_namespaces(7)). */
const locked = ['noexec'];

function createMountOptions(): Host['mountOptions'] {
  let options: ReadonlyMap<string, readonly string[]> | null = null;
  return (path) => {
    options ??= readMounts();
    for (let at = path; ; at = dirname(at)) {
      const found = options.get(at);
      if (found !== undefined)
        return locked
          .filter((name) => found.includes(name))
          .map((name) => `,${name}`)
          .join('');
      if (at === '/') return '';
    }
  };
}

/** Options by mount point: fields 5 and 6 of proc_pid_mountinfo(5). */
function readMounts(): ReadonlyMap<string, readonly string[]> {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
    return new Map(
      lines.map((line) => {
        const fields = line.split(' ');
        return [(fields[4] ?? '').replaceAll('\\040', ' '), (fields[5] ?? '').split(',')];
      }),
    );
  } catch {
    return new Map();
  }
}
