import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openNoSandbox } from '../../src/adapters/sandbox/no-sandbox.ts';
import type { Room } from '../../src/sandbox/box/sandbox.ts';
import { runCommand } from '../../src/sandbox/run-command.ts';
import { freeLimits } from '../support/free-limits.ts';

const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
let cwd = '';
let room: Room;
/** A room that keeps nothing in: here the ending of processes is on trial. */
const openRoom = (root: string): Promise<Room> => {
  const places = {
    tree: { kind: 'folder', path: root } as const,
    home: root,
    temporary: root,
    logs: root,
    objects: [],
    network: null,
    produced: null,
  };
  return openNoSandbox({ toolhostPath: '', shims: '', env }).open(places);
};
beforeAll(async () => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'run-command-')));
  room = await openRoom(cwd);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (command: string, timeoutMs = 20_000, signal?: AbortSignal) =>
  runCommand({ command, timeoutMs }, { room, env, limits: freeLimits(cwd), signal });

/** Pids of living processes whose command line holds the word. */
function alive(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${String(pid)}/cmdline`, 'latin1').includes(word);
      } catch {
        return false;
      }
    });
}

let count = 0;
/** A number of seconds that names one sleeper of one test. */
const sleeper = (): string => `${String(300 + process.pid)}.${String((count += 1))}`;

describe('a command that ends by itself', () => {
  test('reports exit code, duration and both streams in the order they were written', async () => {
    const result = await run('echo one; echo two >&2; echo three; exit 3');
    expect(result).toMatchObject({ exitCode: 3, timedOut: false, output: 'one\ntwo\nthree\n' });
    expect(result.durationMs).toBeGreaterThanOrEqual(0);
  });

  test('may write to /dev/stdout and /dev/stderr by name', async () => {
    const result = await run('echo one >/dev/stderr; echo two | tee /dev/stderr; echo three >/dev/stdout');
    expect(result.output).toBe('one\ntwo\ntwo\nthree\n');
  });

  test('reads nothing from its input instead of waiting for it', async () => {
    expect(await run('cat; read -r line; echo "read: $?"')).toMatchObject({ exitCode: 0, output: 'read: 1\n' });
  });

  test('reports the signal that ended it as a shell does', async () => {
    expect((await run('kill -SEGV $$')).exitCode).toBe(139);
    expect((await run('bash -c "kill -TERM \\$\\$"')).exitCode).toBe(143);
  });

  test('sees only the environment it was given', async () => {
    process.env['SECRET_OF_THE_PARENT'] = 'leaked';
    const result = await runCommand(
      { command: 'env', timeoutMs: 5_000, env: { OF_THE_SPEC: 'a' } },
      { room, env: { ...env, OF_THE_CONTEXT: 'b' }, limits: freeLimits(cwd) },
    );
    delete process.env['SECRET_OF_THE_PARENT'];
    expect(result.output).not.toContain('leaked');
    expect(result.output).toContain('OF_THE_SPEC=a');
    expect(result.output).toContain('OF_THE_CONTEXT=b');
    expect(result.output).toContain('PAGER=cat');
  });

  test('does not read a login profile', async () => {
    expect((await run('shopt -q login_shell; echo $?')).output).toBe('1\n');
  });

  test('names the right line in a syntax error', async () => {
    expect((await run('echo fine\nif true; then\n')).output).toContain('line 3');
  });

  test('comes without escape codes', async () => {
    expect((await run(String.raw`printf '\033[31mred\033[0m \033]0;title\007end\000'`)).output).toBe('red end');
  });

  test('keeps head and tail of a long output within one MiB', async () => {
    const { output, exitCode } = await run('echo first; head -c 3000000 /dev/zero | tr "\\0" x; echo; echo last');
    expect(exitCode).toBe(0);
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(1024 * 1024);
    expect(output.startsWith('first\nxxx')).toBe(true);
    expect(output.endsWith('xxx\nlast\n')).toBe(true);
    expect(output).toMatch(/\[\.\.\. \d+ bytes left out \.\.\.\]/);
  });
});

describe('nothing survives a command', () => {
  const ways: Record<string, (seconds: string) => string> = {
    'a background child that holds the output': (s) => `sleep ${s} & echo started`,
    'a child of a session of its own': (s) => `setsid sleep ${s} & echo started`,
    'a double fork': (s) => `(setsid sh -c 'sleep ${s} >/dev/null 2>&1 &' &) ; sleep 0.1; echo started`,
    'a child that ignores TERM and HUP': (s) =>
      `nohup sh -c 'trap "" TERM HUP INT; sleep ${s}; sleep ${s}' & echo started`,
    'a child without the environment': (s) => `env -i sleep ${s} & echo started`,
    'a daemon that left the directory': (s) =>
      `(cd / && exec setsid sleep ${s} >/dev/null 2>&1 &) ; sleep 0.1; echo started`,
    'a child that left the directory without the environment': (s) =>
      `(cd / && exec env -i sleep ${s} &) ; echo started`,
    'a daemon without the environment that stayed in the directory': (s) =>
      `(env -i setsid sleep ${s} >/dev/null 2>&1 &) ; sleep 0.1; echo started`,
  };
  for (const [name, command] of Object.entries(ways)) {
    test(`${name} is gone when the command has ended`, async () => {
      const seconds = sleeper();
      const result = await run(command(seconds));
      expect(result).toMatchObject({ exitCode: 0, output: 'started\n' });
      expect(result.durationMs).toBeLessThan(3_000);
      expect(alive(`sleep\0${seconds}`)).toEqual([]);
    });
  }

  test('at the time limit the whole tree is killed and the output so far is kept', async () => {
    const seconds = sleeper();
    const command = `trap "" TERM; echo before; setsid sleep ${seconds} & sleep ${seconds} | cat; echo after`;
    const result = await run(command, 300);
    expect(result).toMatchObject({ exitCode: null, timedOut: true, output: 'before\n' });
    expect(result.durationMs).toBeLessThan(3_000);
    expect(alive(`sleep\0${seconds}`)).toEqual([]);
  });

  test('an abort kills it, also one that came before the start', async () => {
    const seconds = sleeper();
    const abort = new AbortController();
    const running = run(`setsid sleep ${seconds} & sleep ${seconds}`, 20_000, abort.signal);
    await sleep(200);
    abort.abort();
    expect(await running).toMatchObject({ exitCode: null, timedOut: false });
    expect(alive(`sleep\0${seconds}`)).toEqual([]);
    expect(await run(`sleep ${seconds}`, 20_000, abort.signal)).toMatchObject({ exitCode: null });
    expect(alive(`sleep\0${seconds}`)).toEqual([]);
  });

  test('a fork storm is stopped', async () => {
    const seconds = sleeper();
    const storm = `f() { sleep ${seconds} & [ $1 -gt 0 ] && { f $(($1-1)) & f $(($1-1)) & }; wait; }; f 6`;
    expect(await run(storm, 400)).toMatchObject({ timedOut: true });
    expect(alive(`sleep\0${seconds}`)).toEqual([]);
  });

  test('a process of another command in the same directory is left alone', async () => {
    const seconds = sleeper();
    const other = run(`sleep ${seconds}`, 1_500);
    await sleep(200);
    await run('true');
    expect(alive(`sleep\0${seconds}`)).not.toEqual([]);
    await other;
  });

  test('a flood of output ends the command early', async () => {
    const result = await run('yes', 60_000);
    expect(result).toMatchObject({ exitCode: null, timedOut: false });
    expect(result.output).toContain('more than 64 MiB of output');
    expect(result.durationMs).toBeLessThan(20_000);
  });
});

test('a command that cannot be started is reported as an error', async () => {
  const gone = { room: await openRoom(join(cwd, 'gone')), env, limits: freeLimits(cwd) };
  await expect(runCommand({ command: 'true', timeoutMs: 1_000 }, gone)).rejects.toThrow(/ENOENT/);
});

test('many commands can run at once', async () => {
  const results = await Promise.all(Array.from({ length: 12 }, (_, index) => run(`echo ${String(index)}`)));
  expect(results.map((result) => result.output.trim())).toEqual(results.map((_, index) => String(index)));
});
