import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
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

const call = (id: number, tool: string, input: unknown): Buffer =>
  encodeFrame({ kind: 'call', id, tool, input, owns: [], foreign: [] });

test('it ends when the broker is gone', async () => {
  const { child, ended } = start();
  child.stdin.destroy();
  expect(await ended).toBe(0);
});

const result = (output: string) => ({ exitCode: 0, timedOut: false, durationMs: 12, output });

test('it starts no command itself, but asks for one, and answers with what it is told', async () => {
  const { child, next, ended } = start();
  child.stdin.write(call(1, 'bash', { command: 'echo from a box', timeout_s: 7 }));
  const asked = { kind: 'run', id: 1, command: 'echo from a box', timeoutMs: 7_000 };
  expect((await next()).header).toEqual(asked);
  child.stdin.write(encodeFrame({ kind: 'ran', id: 1, result: result('from a box\n') }));
  expect((await next()).header).toMatchObject({
    kind: 'done',
    id: 1,
    value: { content: 'exit code 0 (0.0 s)\nfrom a box' },
  });
  child.stdin.end();
  await ended;
});

test('it passes an abort on as the wish to end the command', async () => {
  const { child, next, ended } = start();
  child.stdin.write(call(5, 'bash', { command: 'sleep 60' }));
  await next();
  child.stdin.write(encodeFrame({ kind: 'abort', id: 5 }));
  expect((await next()).header).toEqual({ kind: 'kill', id: 1 });
  child.stdin.write(encodeFrame({ kind: 'ran', id: 1, result: { ...result(''), exitCode: null } }));
  expect((await next()).header).toMatchObject({ kind: 'done', id: 5, value: { isError: true } });
  child.stdin.end();
  await ended;
});

test('it keeps what a command in the background prints in a log, also after its answer', async () => {
  const { child, next, ended } = start();
  child.stdin.write(call(1, 'bash', { command: 'serve', background: true }));
  expect((await next()).header).toEqual({ kind: 'start', id: 1, command: 'serve' });
  child.stdin.write(encodeFrame({ kind: 'output', id: 1 }, [Buffer.from('first\n')]));
  expect((await next()).header).toMatchObject({
    value: { content: expect.stringMatching(/^running .*bg-1\.txt\nfirst$/) },
  });
  child.stdin.write(encodeFrame({ kind: 'output', id: 1 }, [Buffer.from('second\n')]));
  child.stdin.write(encodeFrame({ kind: 'ended', id: 1, exitCode: 3 }));
  child.stdin.write(call(2, 'read', { paths: [{ path: '.ai/logs/bg-1.txt' }] }));
  expect((await next()).header).toMatchObject({ value: { content: expect.stringContaining('2\tsecond') } });
  child.stdin.end();
  await ended;
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
  child.stdin.write(Buffer.concat([call(1, 'bash', { command: 'slow' }), call(2, 'bash', { command: 'fast' })]));
  await next();
  await next();
  child.stdin.write(encodeFrame({ kind: 'ran', id: 2, result: result('fast\n') }));
  expect((await next()).header).toMatchObject({
    kind: 'done',
    id: 2,
    value: { content: expect.stringContaining('fast') },
  });
  child.stdin.write(encodeFrame({ kind: 'ran', id: 1, result: result('slow\n') }));
  expect((await next()).header).toMatchObject({
    kind: 'done',
    id: 1,
    value: { content: expect.stringContaining('slow') },
  });
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
