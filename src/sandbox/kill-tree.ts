// Ends every process that a command started. Killing the process group alone leaves whatever called setsid; so a command's
// environment carries a mark, and on Linux /proc is searched for the mark, for descendants and for the session.
import { readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Environment variable that marks all processes of one command. */
export const markName = 'AI_COMMAND_MARK';

/** What is known of a command's processes. `leader` is the pid of its session and group leader. */
export interface ProcessTree {
  readonly leader: number;
  readonly mark: string;
  readonly directory: string;
  /** Clock ticks since boot at which the leader started; 0 where /proc does not say. */
  readonly startedTicks: number;
}

interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startedTicks: number;
}

/** How long a process may take to die before we give up on it (uninterruptible sleep). */
const patienceMs = 5_000;

/** Call at once after the spawn, while the leader's /proc entry is sure to exist. */
export function traceTree(leader: number, mark: string, directory: string): ProcessTree {
  return { leader, mark, directory: realpathSync(directory), startedTicks: readStat(leader)?.startedTicks ?? 0 };
}

/**
 * Kills all processes of the tree, but none of the trees that are spared, and returns when none is left, with the number of those that would not die (0 but for
 * processes stuck in the kernel). A daemon that drops the mark, the session and its parent and leaves the command's
 * directory is not found: only a PID namespace ends that one.
 */
export async function killTree(tree: ProcessTree, spared: readonly ProcessTree[] = []): Promise<number> {
  if (tree.startedTicks === 0) return killGroup(tree.leader);
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 100)) {
    const found = freeze(tree, spared);
    if (found.size === 0 || performance.now() > deadline) return found.size;
    for (const pid of found) signal(pid, 'SIGKILL');
    await sleep(pauseMs);
  }
}

/** Stops members until no new one turns up: a stopped process can neither fork nor lose its children to init. */
function freeze(tree: ProcessTree, spared: readonly ProcessTree[]): ReadonlySet<number> {
  const frozen = new Set<number>();
  for (;;) {
    const fresh = members(tree, spared).filter((pid) => !frozen.has(pid));
    if (fresh.length === 0) return frozen;
    for (const pid of fresh) {
      signal(pid, 'SIGSTOP');
      frozen.add(pid);
    }
  }
}

function members(tree: ProcessTree, spared: readonly ProcessTree[]): readonly number[] {
  const all = (spared.length === 0 ? pidsSince(tree.leader) : allPids())
    .map(readStat)
    .filter((stat) => stat !== null)
    .filter((stat) => stat.pid !== process.pid && !/[ZX]/.test(stat.state));
  const kept = new Set<number>();
  for (const other of spared) for (const pid of family(all, (stat) => isOf(stat, other))) kept.add(pid);
  const young = all.filter((stat) => stat.startedTicks >= tree.startedTicks && !kept.has(stat.pid));
  return [...family(young, (stat) => belongs(stat, tree))];
}

const allPids = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** More than these are not worth asking for one by one. */
const fewPids = 256;

/**
 * All processes that can be younger than `leader`. Numbers are given in rising order, and the last field of /proc/loadavg
 * is the last one given (proc_loadavg(5), in the reader's namespace), so a command that started two processes costs two
 * looks and not one for each process of the machine. Once the numbers have begun anew, everybody is looked at.
 */
function pidsSince(leader: number): readonly number[] {
  const last = Number(
    attempt(() => readFileSync('/proc/loadavg', 'latin1'))
      ?.trim()
      .split(' ')
      .at(-1),
  );
  if (!(last >= leader && last - leader < fewPids)) return allPids();
  return Array.from({ length: last - leader + 1 }, (_, i) => leader + i);
}

/** Those that are meant, and their descendants. */
function family(stats: readonly ProcessStat[], isMeant: (stat: ProcessStat) => boolean): ReadonlySet<number> {
  const found = new Set(stats.filter(isMeant).map((stat) => stat.pid));
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const stat of stats) if (found.has(stat.parent)) found.add(stat.pid);
  }
  return found;
}

/** Known for certain: by the group, the session or the mark. */
function isOf(stat: ProcessStat, tree: ProcessTree): boolean {
  if (stat.startedTicks < tree.startedTicks) return false;
  return stat.group === tree.leader || stat.session === tree.leader || environmentOf(stat).includes(markOf(tree));
}

const environmentOf = (stat: ProcessStat): string =>
  attempt(() => readFileSync(`/proc/${String(stat.pid)}/environ`, 'latin1')) ?? '';

const markOf = (tree: ProcessTree): string => `${markName}=${tree.mark}`;

function belongs(stat: ProcessStat, tree: ProcessTree): boolean {
  if (stat.group === tree.leader || stat.session === tree.leader) return true;
  const environment = environmentOf(stat);
  if (environment.includes(`${markName}=`)) return environment.includes(markOf(tree));
  // Daemons that rewrite their title (PostgreSQL, Redis) overwrite their environment; their directory gives them away.
  const directory = attempt(() => readlinkSync(`/proc/${String(stat.pid)}/cwd`)) ?? '';
  return directory === tree.directory || directory.startsWith(`${tree.directory}/`);
}

/** Fields of /proc/<pid>/stat (proc_pid_stat(5)); the name in parentheses may hold anything, so count after the last one. */
function readStat(pid: number): ProcessStat | null {
  const line = attempt(() => readFileSync(`/proc/${String(pid)}/stat`, 'latin1'));
  if (line === null) return null;
  const [state = '', parent, group, session, ...rest] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startedTicks: Number(rest[15]),
  };
}

async function killGroup(leader: number): Promise<number> {
  const deadline = performance.now() + patienceMs;
  while (signal(-leader, 'SIGKILL')) {
    if (performance.now() > deadline) return 1;
    await sleep(5);
  }
  return 0;
}

/** False when there is no such process any more (or it is not ours to signal). */
function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): boolean {
  return attempt(() => process.kill(pid, name)) ?? false;
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
