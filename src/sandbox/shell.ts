// The shell that runs commands: which it is, what it may use, and what it is told of its surroundings.
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/** bash, or sh where there is none. */
export const shell = (): string => ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';

/**
 * Tells programs not to page, ask or draw bars. Not that they must not colour: tests of colours would fail for it, which pass in the
 * project's own CI; what colours they print is taken out of the output. The caller's environment wins.
 */
export const quiet = {
  CI: '1',
  TERM: 'dumb',
  PAGER: 'cat',
  MANPAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  PIP_PROGRESS_BAR: 'off',
  TQDM_DISABLE: '1',
};

/** A command that prints more than this runs away and is killed; `yes` gets here in a fraction of a second. */
export const floodBytes = 64 * 1024 * 1024;

/**
 * Started before a command where no sandbox ends it with us: it waits for the end of a pipe that only we hold, and then ends
 * the group. While it lives, the group's number cannot be another's.
 */
export const watchdog = '(read -r _ <&3; kill -KILL 0) </dev/null >/dev/null 2>&1 & exec 3<&-; ';

/** Most processes at once of those that run for one run. Counted by user, and inside they have a user of their own. */
const maxProcesses = 1024;

/**
 * No core files, files of at most 1 GiB (512 MiB in dash), 4,096 open files, CPU time of twice the wall clock (null: any);
 * and when memory runs out, the kernel takes the command rather than us. In a sandbox also 1,024 processes. One line, so that line numbers in messages stay
 * right.
 */
export function limits(timeoutMs: number | null, isContained: boolean): string {
  const cpu = timeoutMs === null ? [] : [`-t ${String(Math.max(2, Math.ceil((2 * timeoutMs) / 1000)))}`];
  const processes = isContained ? [`-u ${String(maxProcesses)}`] : [];
  const set = ['-c 0', '-f 1048576', '-n 4096', ...cpu, ...processes].map((limit) => `ulimit ${limit}`);
  return `{ ${set.join('; ')}; echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; `;
}

/** The shell's exit code; 128 plus the signal's number where a signal ended it. Rejects when it could not be started. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
