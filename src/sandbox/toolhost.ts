// Entry of dist/toolhost.cjs: the one process that touches an agent's tree. It holds no credential.
// argv: the directory for logs, or `forward ...` (forward-port.ts). cwd: the tree. stdin, stdout: frames of protocol.ts. It ends when stdin does.
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { type BackgroundCommands, createBackgroundCommands } from './background-commands.ts';
import { forwardMain } from './forward-port.ts';
import { createFrameDecoder, encodeFrame } from './frames.ts';
import { runCommand } from './run-command.ts';
import { createTreeServer, type TreeServer } from './serve-tree.ts';
import { executeTool } from './tools/execute-tool.ts';
import { createShownFiles } from './tools/shown-files.ts';

/** How long running commands may take to end before the process goes without them; the broker kills what is left. */
const graceMs = 1000;

function environment(): Readonly<Record<string, string>> {
  const named = Object.entries(process.env);
  return Object.fromEntries(named.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function end(server: TreeServer, background: BackgroundCommands): Promise<void> {
  setTimeout(() => process.exit(1), graceMs).unref();
  await server.close();
  await background.close();
  process.exit(0);
}

function main(): void {
  process.umask(0o022);
  const root = realpathSync(process.cwd());
  const [, , logDirectory = root] = process.argv;
  const env = environment();
  const shown = createShownFiles();
  const background = createBackgroundCommands(logDirectory);
  const server = createTreeServer({
    root,
    send: (reply, body) => void process.stdout.write(encodeFrame(reply, body === undefined ? [] : [body])),
    callTool: ({ tool, input, owns, foreign }, signal) =>
      executeTool(tool, input, { root, owns, foreign, logDirectory, env, shown, background, signal }),
    runCommand: ({ command, timeoutMs, env: extra }, signal) =>
      runCommand({ command, timeoutMs }, { cwd: root, env: { ...env, ...extra }, signal, spared: background.trees }),
    forget: shown.forget,
  });
  process.stdin.on('data', createFrameDecoder(server.take));
  process.stdin.on('end', () => void end(server, background));
}

const [, , mode, ...rest] = process.argv;
if (mode === 'forward') void forwardMain(rest);
else main();
