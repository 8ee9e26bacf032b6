// A port of a sandbox without network that leads to the mirror's socket, for as long as one command runs.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { joinSockets } from './join-sockets.ts';
import { registryFiles } from './registry-environment.ts';

export interface ForwardOptions {
  /** The mirror's socket, as the sandbox shows it. */
  readonly socketPath: string;
  /** Of 127.0.0.1; 0 for any. */
  readonly port: number;
}

/** Where a shell says that a command could not be started. */
const cannotStart = 127;

/** Listens; rejects where the port is taken. */
export function forwardPort({ socketPath, port }: ForwardOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      joinSockets(client, connect({ path: socketPath, allowHalfOpen: true }));
    });
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Writes what tools read from files only. Never over a file that is there. */
function writeRegistryFiles(port: number, home: string): void {
  for (const [path, content] of Object.entries(registryFiles(port))) {
    const full = join(home, path);
    if (existsSync(full)) continue;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
}

/** Runs a command with our own stdio and environment; resolves with its exit code, 128 and more for a signal. */
function run([command = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(cannotStart);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

/**
 * `forward <socket> <port> -- <command...>`: the port leads to the socket while the command runs; ends the process with the
 * command's exit code, or with 1 and a line on stderr when the port cannot be had.
 */
export async function forwardMain(args: readonly string[]): Promise<never> {
  const [socketPath = '', port = '', dashes, ...command] = args;
  if (dashes !== '--' || !/^\d{1,5}$/.test(port) || command.length === 0) {
    process.stderr.write('usage: forward <socket> <port> -- <command...>\n');
    return process.exit(2);
  }
  try {
    await forwardPort({ socketPath, port: Number(port) });
    const home = process.env['HOME'];
    if (home !== undefined) writeRegistryFiles(Number(port), home);
  } catch (error) {
    process.stderr.write(`cannot forward port ${port}: ${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(1);
  }
  return process.exit(await run(command));
}
