// One long-lived `git cat-file --batch`: objects by id without a process for each.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { RunError } from '../errors.ts';
import { hardeningArguments } from './git-environment.ts';
import { assertObjectId, environmentOf, startFailure } from './git-process.ts';

export interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Reads objects of one store. Ends with `close`. */
export interface ObjectReader {
  /** Throws RunError `repository-incomplete` when the object is not there. */
  read(id: string): Promise<GitObject>;
  close(): void;
}

interface Waiting {
  readonly id: string;
  readonly resolve: (object: GitObject) => void;
  readonly reject: (error: Error) => void;
}

/** Splits the stream into answers: `<id> <type> <size>\n<bytes>\n`, or `<id> missing\n`. */
function answers(onObject: (object: GitObject | null) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let wanted = 1;
  const take = (): Buffer => {
    const all = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    chunks = [all];
    return all;
  };
  const keep = (rest: Buffer): void => {
    chunks = [rest];
    buffered = rest.length;
    wanted = 1;
  };
  /** Takes one answer off the buffer; false when it is not whole yet. */
  const next = (): boolean => {
    const all = take();
    const end = all.indexOf(10);
    if (end < 0) return false;
    const [, type = '', size] = all.toString('latin1', 0, end).split(' ');
    if (size === undefined) {
      keep(all.subarray(end + 1));
      onObject(null);
      return true;
    }
    const last = end + 1 + Number(size);
    wanted = last + 1;
    if (all.length < wanted) return false;
    keep(all.subarray(last + 1));
    onObject({ type, bytes: all.subarray(end + 1, last) });
    return true;
  };
  return (chunk) => {
    chunks.push(chunk);
    buffered += chunk.length;
    while (buffered >= wanted && next());
  };
}

/** Starts the reader at its first use, so that a run which reads nothing starts nothing. */
export function createObjectReader(gitDir: string): ObjectReader {
  let child: ChildProcessWithoutNullStreams | null = null;
  let closed = false;
  const waiting: Waiting[] = [];

  const fail = (error: Error): void => {
    child = null;
    for (const one of waiting.splice(0)) one.reject(error);
  };
  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn('git', [...hardeningArguments, 'cat-file', '--batch'], {
      cwd: '/',
      env: environmentOf({ gitDir }),
      detached: true, // As in git-process.ts.
    });
    started.on('error', (error) => fail(startFailure(error)));
    started.on('close', (code) => fail(new Error(`git cat-file ended with ${code ?? 'a signal'}`)));
    started.stdin.on('error', () => undefined);
    started.stderr.resume();
    started.stdout.on(
      'data',
      answers((object) => {
        const one = waiting.shift();
        if (object === null) one?.reject(new RunError('repository-incomplete', { detail: `${one.id} is missing` }));
        else one?.resolve(object);
      }),
    );
    return started;
  };

  return {
    read: (id) =>
      new Promise((resolve, reject) => {
        if (closed) throw new Error('the object store is closed');
        waiting.push({ id: assertObjectId(id), resolve, reject });
        child ??= start();
        child.stdin.write(`${id}\n`);
      }),
    close: () => {
      closed = true;
      child?.stdin.end();
    },
  };
}
