// One process at a time works on a run of this machine. A lock that a killed process left does not count.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { RunError } from '../errors.ts';

const lockSchema = z.object({ pid: z.int().check(z.positive()), startedAt: z.string() });

const lockPath = (runDir: string): string => join(runDir, 'lock');

/**
 * Takes the lock of a run's folder, which is made when it is not there. @returns a function that gives it back
 * @throws RunError `run-is-going` when a living process has it
 */
export function lockRun(runDir: string, runId: string): () => void {
  mkdirSync(runDir, { recursive: true });
  const path = lockPath(runDir);
  const text = JSON.stringify({ pid: process.pid, startedAt: startOf(process.pid) ?? '' });
  const pid = lockedBy(runDir);
  if (pid !== null) throw new RunError('run-is-going', { run: runId, pid: String(pid) });
  rmSync(path, { force: true });
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  return () => rmSync(path, { force: true });
}

/** True while a process works on the run, and when one was killed before it had put everything away. */
export const isLocked = (runDir: string): boolean => existsSync(lockPath(runDir));

/** The living process that works on the run; null when there is none. */
export function lockedBy(runDir: string): number | null {
  const lock = readLock(lockPath(runDir));
  return lock !== null && startOf(lock.pid) === lock.startedAt ? lock.pid : null;
}

function readLock(path: string): z.infer<typeof lockSchema> | null {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // None, or one that a kill cut short.
  }
}

/** When a process began, in the system's words: its number alone may be another's by now. Null when it is gone. */
function startOf(pid: number): string | null {
  try {
    // proc(5): field 22 is the start time; the name before it may hold anything but ends with the last parenthesis.
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie is dead, though its parent has not looked yet.
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return process.platform === 'linux' ? null : startByPs(pid);
  }
}

function startByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
