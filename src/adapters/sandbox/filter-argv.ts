// How the program that commands go through is called: see sandbox/box/enter-script.ts.
import process from 'node:process';
import { enterScript } from '../../sandbox/box/enter-script.ts';
import type { Host } from './host.ts';

/** Its file among the settings, and below /ai inside. */
export const enterName = 'enter.pl';

/** Said where there is none. */
export const unfiltered =
  'Commands run without a filter of system calls: perl is not installed, or the processor is unknown.';

/** What the program is started with; null where it cannot be. */
function enterArgv({ tool }: Host, path: string): readonly [string, ...string[]] | null {
  const perl = tool('perl');
  return perl === null || enterScript(process.arch) === null ? null : [perl, path];
}

/** What stands before a command that is inside already; null where no filter can be loaded. */
export function filterArgv(host: Host): readonly string[] | null {
  const enter = enterArgv(host, `/ai/${enterName}`);
  return enter === null ? null : [...enter, 'filter'];
}

export interface Join {
  /** The program's file on the machine. */
  readonly path: string;
  readonly pid: number;
  /** Null: as it is. */
  readonly userId: number | null;
  /** Whether the process has a user namespace of its own. */
  readonly ownUsers: boolean;
  /** Whether the command gets the network of the process, or one of its own. */
  readonly sharesNetwork: boolean;
  readonly directory: string;
}

/** What stands before a command that is to join the namespaces of a process; null where the program cannot be started. */
export function joinArgv(
  host: Host,
  { path, pid, userId, ownUsers, sharesNetwork, directory }: Join,
): readonly string[] | null {
  const enter = enterArgv(host, path);
  if (enter === null) return null;
  const user = userId === null ? '-' : String(userId);
  const given = [String(pid), user, ownUsers ? 'user' : '-', sharesNetwork ? 'shared' : 'own', directory];
  return [...enter, 'join', ...given, String(process.pid)];
}
