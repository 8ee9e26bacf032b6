// The environment and the switches that every git child gets: nothing of ours but PATH, nothing of the machine's config.
import { isAbsolute } from 'node:path';
import process from 'node:process';

/** Protocols that a git child may speak; a child that needs no network gets an empty list. */
export type GitProtocol = 'https' | 'http' | 'file';

/** Where a self-hosted runner says how it reaches its server. Given to pushes and fetches only. */
const networkNames = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
];

/**
 * Switches before the subcommand. Hooks, file system monitors and credential helpers are the ways in which a repository's
 * config makes git run a program; attribute files outside the commit could name filters and merge drivers.
 */
export const hardeningArguments: readonly string[] = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.attributesFile=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'safe.bareRepository=explicit',
  // A second wall: GIT_ALLOW_PROTOCOL, where it is set, decides alone.
  '-c',
  'protocol.allow=never',
  '-c',
  'credential.helper=',
  '-c',
  'gc.auto=0',
  '-c',
  'maintenance.auto=false',
];

/** PATH without relative entries and package binaries: a checkout must not be able to bring its own `git`. */
const safePath = (path: string): string =>
  path
    .split(':')
    .filter((entry) => isAbsolute(entry) && !entry.includes('/node_modules/'))
    .join(':');

/**
 * A git child's whole environment. `home` keeps git and curl from the user's own files (.gitconfig, .netrc);
 * `protocol` is the only one that it may speak, null for none.
 */
export function gitEnvironment(home: string, protocol: GitProtocol | null): Readonly<Record<string, string>> {
  const network = protocol === null || protocol === 'file' ? [] : networkNames;
  const passed = network.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    PATH: safePath(process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'),
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: protocol ?? '',
    ...Object.fromEntries(passed),
  };
}
