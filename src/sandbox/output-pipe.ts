// One real pipe for a command's stdout and stderr. Node's own 'pipe' is a socket pair: `> /dev/stderr` and
// `tee /dev/stderr` fail on it, and two of them lose the order in which the streams were written.
import { execFile } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Ends {
  readonly readFd: number;
  readonly writeFd: number;
}

/** Both ends of a pipe. Give `writeFd` to the child, then call `closeWriter`; `reader` ends when the last writer is gone. */
export interface OutputPipe {
  readonly writeFd: number;
  readonly reader: Socket;
  closeWriter(): void;
}

/** Pipes made by one `mkfifo` call (about 3 ms), so that a command seldom waits for one. */
const batch = 16;
const spare: Ends[] = [];
let parent = tmpdir();

/** Where pipes have their names for a moment: a process that is killed in it leaves one, so that the folder must be a run's own. */
export function makePipesIn(directory: string): void {
  parent = directory;
}

/** Opens a pipe. Rejects when `mkfifo` (POSIX) is missing or the temporary directory cannot be written. */
export async function openOutputPipe(): Promise<OutputPipe> {
  if (spare.length === 0) spare.push(...(await makePipes()));
  const ends = spare.pop();
  if (ends === undefined) return openOutputPipe();
  const { readFd, writeFd } = ends;
  return {
    writeFd,
    reader: new Socket({ fd: readFd, readable: true, writable: false }),
    closeWriter: () => closeSync(writeFd),
  };
}

/**
 * The names are gone before any command runs: nobody else can open or replace these pipes. A command of another user may
 * open the one that it was given by `/dev/stderr`.
 */
async function makePipes(): Promise<Ends[]> {
  const directory = mkdtempSync(join(parent, 'ai-pipe-'));
  try {
    const names = Array.from({ length: batch }, (_, index) => join(directory, String(index)));
    await promisify(execFile)('mkfifo', ['-m', '666', ...names]);
    return names.map(openEnds);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function openEnds(name: string): Ends {
  const readFd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  return { readFd, writeFd: openSync(name, constants.O_WRONLY) };
}
