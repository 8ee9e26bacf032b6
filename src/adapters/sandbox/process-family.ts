// The processes below one of ours, from /proc (Linux).
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** Children of a process, of all its threads; none when it is gone, or where the kernel does not list them. */
export function childrenOf(pid: number): readonly number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) => {
    const text = attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')) ?? '';
    return text.split(' ').map(Number).filter(Boolean);
  });
}

const pageBytes = 4096;

/** Memory that a process and all below it hold (resident pages, shared ones counted for each). */
export function memoryOfFamily(pid: number): number {
  const pages = Number(attempt(() => readFileSync(`/proc/${pid}/statm`, 'latin1'))?.split(' ')[1] ?? 0);
  return childrenOf(pid).reduce((sum, child) => sum + memoryOfFamily(child), pages * pageBytes);
}

/** False when there is no such process any more, or it is not ours to signal. */
export function killProcess(pid: number): boolean {
  return attempt(() => process.kill(pid, 'SIGKILL')) ?? false;
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

/** Command lines of all processes of a user, each with its number. */
export function processesOf(userId: number): readonly string[] {
  return living().flatMap(({ pid, user }) => {
    if (user !== userId) return [];
    const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1')) ?? '';
    return [`${pid} ${command.replaceAll('\0', ' ').trim()}`];
  });
}

/** Users that have a process now. */
export const usersWithProcesses = (): ReadonlySet<number> => new Set(living().map(({ user }) => user));

/** All processes but those that have ended and wait for their parent. */
function living(): readonly { readonly pid: string; readonly user: number }[] {
  const pids = (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? '';
    const user = /^Uid:\s+(\d+)/m.exec(status)?.[1];
    return user === undefined || /^State:\s+[ZX]/m.test(status) ? [] : [{ pid, user: Number(user) }];
  });
}
