import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleToolhost } from '../adapters/git-bed.ts';

let directory: string;
let toolhost: string;
let socketPath: string;
let server: Server;
const large = 'x'.repeat(3_000_000);
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'forward-'));
  toolhost = await bundleToolhost(directory);
  socketPath = join(directory, 'mirror.sock');
  server = createServer((request, response) => void response.end(request.url === '/large' ? large : 'from the socket'));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: directory, MARK: 'inherited' });

/** Runs `forward` on a port; the server answers in this very process, so that it may not be waited for in place. */
function forward(port: number, ...command: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [toolhost, 'forward', socketPath, String(port), '--', ...command], {
      env: env(),
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    child.on('close', (code) => resolve({ code, said }));
  });
}
/** One that nobody else has, as far as one can know. */
const somePort = (): number => 20_000 + (process.pid % 20_000);
const get = (path: string, what: string): string =>
  `fetch('http://127.0.0.1:' + process.argv[1] + '${path}').then((r) => r.text()).then((t) => console.log(${what}))`;

test('the port leads to the socket while the command runs, with its environment and its output', async () => {
  const port = somePort();
  const { code, said } = await forward(
    port,
    process.execPath,
    '-e',
    get('/', 't + ", " + process.env.MARK'),
    String(port),
  );
  expect({ code, said }).toEqual({ code: 0, said: 'from the socket, inherited\n' });
});

test('an answer arrives whole, however large', async () => {
  const port = somePort();
  const { said } = await forward(port, process.execPath, '-e', get('/large', 't.length'), String(port));
  expect(said).toBe(`${large.length}\n`);
});

test.each([
  ['the exit code of the command', ['sh', '-c', 'exit 7'], 7],
  ['128 and the number of its signal', ['sh', '-c', 'kill -9 $$'], 137],
  ['127 for a command that is not there', ['no-such-command-here'], 127],
])('ends with %s', async (_what, command, expected) => {
  expect((await forward(somePort(), ...command)).code).toBe(expected);
});

test('says so when the port is taken, and does not run the command', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const { code, said } = await forward(port, 'echo', 'ran');
  taken.close();
  expect(code).toBe(1);
  expect(said).toMatch(/^cannot forward port \d+: .*EADDRINUSE/);
});

test.each([[[]], [['sock', '1']], [['sock', '1', 'true']], [['sock', 'x', '--', 'true']]])(
  '%j is told how it is meant',
  (args) => {
    const { status, stderr } = spawnSync(process.execPath, [toolhost, 'forward', ...args], { env: env() });
    expect(status).toBe(2);
    expect(stderr.toString()).toContain('usage: forward');
  },
);

test('writes the settings that cargo reads from a file only, and never over one that is there', async () => {
  const path = join(directory, '.cargo', 'config.toml');
  await forward(somePort(), 'true');
  expect(readFileSync(path, 'utf8')).toContain(`sparse+http://127.0.0.1:${somePort()}/crates/index/`);
  mkdirSync(join(directory, '.cargo'), { recursive: true });
  writeFileSync(path, 'own');
  await forward(somePort(), 'true');
  expect(readFileSync(path, 'utf8')).toBe('own');
});
