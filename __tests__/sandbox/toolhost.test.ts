import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, execFileSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFrameDecoder, encodeFrame, type Frame } from '../../src/sandbox/frames.ts';
import { bundleToolhost } from '../adapters/git-bed.ts';

let directory: string;
let toolhostPath: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toolhost-'));
  toolhostPath = await bundleToolhost(directory);
  await mkdir(join(directory, 'tree'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function start(): { child: ChildProcessWithoutNullStreams; next(): Promise<Frame>; ended: Promise<number | null> } {
  const env = { PATH: process.env['PATH'] };
  const child = spawn(process.execPath, [toolhostPath, directory], { cwd: join(directory, 'tree'), env });
  const frames: Frame[] = [];
  const takers: ((frame: Frame) => void)[] = [];
  child.stdout.on(
    'data',
    createFrameDecoder((frame) => {
      const taker = takers.shift();
      if (taker === undefined) frames.push(frame);
      else taker(frame);
    }),
  );
  const next = (): Promise<Frame> => {
    const frame = frames.shift();
    return frame === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(frame);
  };
  return { child, next, ended: new Promise((resolve) => child.on('close', resolve)) };
}

test('it ends, with the command it runs, when the broker is gone', async () => {
  const { child, ended } = start();
  child.stdin.write(encodeFrame({ kind: 'run', id: 1, command: 'sleep 4712', timeoutMs: 60_000, env: {} }));
  const list = (): string => execFileSync('ps', ['axo', 'args']).toString();
  while (!list().includes('sleep 4712')) await new Promise((resolve) => setTimeout(resolve, 20));
  child.stdin.destroy();
  await ended;
  expect(list()).not.toContain('sleep 4712');
});

const call = (id: number, tool: string, input: unknown): Buffer =>
  encodeFrame({ kind: 'call', id, tool, input, owns: [], foreign: [] });

test.each(['asked to end', 'killed'])('what it runs in the background ends when it is %s', async (how) => {
  const { child, next, ended } = start();
  const name = `sleep ${how === 'killed' ? '4713' : '4714'}`;
  child.stdin.write(call(1, 'bash', { command: `${name}; true`, background: true }));
  expect((await next()).header).toMatchObject({ kind: 'done', value: { isError: false } });
  const list = (): string => execFileSync('ps', ['axo', 'args']).toString();
  expect(list()).toContain(name);
  if (how === 'killed') child.kill('SIGKILL');
  else child.stdin.end();
  await ended;
  // The kernel tells the watchdog of the end a moment after it.
  for (let tries = 0; tries < 200 && list().includes(name); tries += 1) await new Promise((go) => setTimeout(go, 20));
  expect(list()).not.toContain(name);
});

test('what it has shown is shown again after it was told to forget', async () => {
  const { child, next, ended } = start();
  await writeFile(join(directory, 'tree', 'long.txt'), 'a line of some length\n'.repeat(50));
  const read = { paths: [{ path: 'long.txt' }] };
  child.stdin.write(Buffer.concat([call(1, 'read', read), call(2, 'read', read)]));
  const first = (await next()).header;
  expect((await next()).header).toMatchObject({ value: { content: expect.stringContaining('unchanged') } });
  child.stdin.write(Buffer.concat([encodeFrame({ kind: 'forget', id: 3 }), call(4, 'read', read)]));
  expect((await next()).header).toMatchObject({ kind: 'done', id: 3 });
  expect((await next()).header).toEqual(Object.assign({}, first, { id: 4 }));
  child.stdin.end();
  await ended;
});

test('it answers requests out of order, each under its number', async () => {
  const { child, next, ended } = start();
  const run = (id: number, command: string): Buffer =>
    encodeFrame({ kind: 'run', id, command, timeoutMs: 20_000, env: {} });
  child.stdin.write(Buffer.concat([run(1, 'sleep 0.5; echo slow'), run(2, 'echo fast')]));
  const answers = [await next(), await next()].map(({ header }) => header);
  expect(answers).toMatchObject([
    { kind: 'done', id: 2, value: { output: 'fast\n' } },
    { kind: 'done', id: 1, value: { output: 'slow\n' } },
  ]);
  child.stdin.end();
  expect(await ended).toBe(0);
});

test('it refuses a commit that would be written outside or over its own git, and bytes that are others', async () => {
  const { child, next, ended } = start();
  const id = 'a'.repeat(40);
  const reset = (number: number, path: string): Buffer =>
    encodeFrame({
      kind: 'reset',
      id: number,
      objectFormat: 'sha1',
      entries: [{ path, mode: '100644', id }],
      repository: null,
    });
  for (const [number, path] of ['../out', '.git/config', '/etc/x', 'a\0b'].entries()) {
    child.stdin.write(reset(number, path));
    expect((await next()).header).toMatchObject({ kind: 'failed', id: number, unsafe: true });
  }
  child.stdin.write(reset(9, 'fine'));
  expect((await next()).header).toMatchObject({ kind: 'done', value: { missing: [id] } });
  child.stdin.write(encodeFrame({ kind: 'blobs', id: 10, blobs: [{ id, sizeBytes: 3 }] }, [Buffer.from('abc')]));
  expect((await next()).header).toMatchObject({ kind: 'failed', unsafe: false });
  child.stdin.end();
  await ended;
});

test('a frame that is no request ends it with a reason', async () => {
  const { child, ended } = start();
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  child.stdin.write(encodeFrame({ kind: 'become-root', id: 1 }));
  expect(await ended).not.toBe(0);
  expect(words).toContain('kind');
});
