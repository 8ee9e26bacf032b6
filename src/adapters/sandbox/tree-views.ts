// Holders of trees' namespaces, forked by one process of perl: see sandbox/box/tree-view-script.ts.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Holder } from './holder.ts';

export interface TreeViews {
  /** Rejects with the reason when a mount is refused. */
  make(instructions: readonly string[]): Promise<Holder>;
  /** Ends it, and every holder with it. */
  close(): Promise<void>;
}

interface Maker {
  /** What it says to a request, without its number. */
  ask(what: string, given: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Nothing is started before the first tree; one that was killed is started again. */
export function createTreeViews(argv: readonly [string, ...string[]]): TreeViews {
  let current: Maker | null = null;
  const start = (): Maker => {
    const made = startMaker(argv, () => {
      if (current === made) current = null;
    });
    return made;
  };
  return {
    make: async (instructions) => {
      const maker = (current ??= start());
      const [state = '', ...words] = (await maker.ask('make', instructions)).split(' ');
      if (state !== 'ready') throw new Error(words.join(' ').trim());
      const pid = words[0] ?? '';
      return { pid: Number(pid), close: async () => void (await maker.ask('end', [pid]).catch(() => undefined)) };
    },
    close: async () => current?.close(),
  };
}

function startMaker([program, ...args]: readonly [string, ...string[]], onEnded: () => void): Maker {
  const child = spawn(program, args, { env: {}, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting = new Map<string, { resolve: (answer: string) => void; reject: (error: Error) => void }>();
  let [lastNumber, complaint] = [0, ''];
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const end = line.indexOf(' ');
    const number = line.slice(0, end);
    waiting.get(number)?.resolve(line.slice(end + 1));
    waiting.delete(number);
  });
  const ended = endOf(child).then((how) => {
    onEnded();
    for (const { reject } of waiting.values()) reject(new Error(complaint.trim() === '' ? how : complaint.trim()));
    waiting.clear();
  });
  return {
    ask: (what, given) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) return reject(new Error('it has ended'));
        const number = String(++lastNumber);
        waiting.set(number, { resolve, reject });
        const request = [what, number, ...given].map((part) => `${part}\0`).join('');
        child.stdin.write(`${String(Buffer.byteLength(request))}\n${request}`);
      }),
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(`it ended with ${String(code ?? 'a signal')}`));
  });
}
