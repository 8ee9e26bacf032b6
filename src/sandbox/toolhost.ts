// Entry of dist/toolhost.cjs: the one process that touches an agent's tree. It holds no credential and starts no command.
// argv: the directory for logs and the upper layer of an overlay, or `forward ...` (forward-port.ts). cwd: the tree. stdin, stdout: frames of protocol.ts. It ends when stdin does.
import { realpathSync } from 'node:fs';
import process from 'node:process';
import { createBackgroundCommands } from './background-commands.ts';
import { forwardMain } from './forward-port.ts';
import { createFrameDecoder, encodeFrame } from './frames.ts';
import type { Reply } from './protocol.ts';
import { createRemoteCommands } from './remote-commands.ts';
import { createTreeServer } from './serve-tree.ts';
import { executeTool } from './tools/execute-tool.ts';
import { createShownFiles } from './tools/shown-files.ts';

/** How long what is under way may take to end before the process goes without it. */
const graceMs = 1000;

function main(): void {
  process.umask(0o022);
  const root = realpathSync(process.cwd());
  const [, , logDirectory = root, upper = ''] = process.argv;
  const env = { PATH: process.env['PATH'] ?? '' };
  const shown = createShownFiles();
  const send = (reply: Reply, body?: Uint8Array): void =>
    void process.stdout.write(encodeFrame(reply, body === undefined ? [] : [body]));
  const commands = createRemoteCommands(send);
  const background = createBackgroundCommands(logDirectory, commands);
  const server = createTreeServer({
    root,
    upper,
    send,
    commands,
    callTool: ({ tool, input, owns, foreign }, signal) =>
      executeTool(tool, input, { root, owns, foreign, logDirectory, env, shown, background, commands, signal }),
    forget: shown.forget,
  });
  process.stdin.on('data', createFrameDecoder(server.take));
  process.stdin.on('end', () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    void server.close().then(() => process.exit(0));
  });
}

const [, , mode, ...rest] = process.argv;
if (mode === 'forward') void forwardMain(rest);
else main();
