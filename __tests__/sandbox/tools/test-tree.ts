// A directory with files, and tools that work on it.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ToolResult } from '../../../src/ports.ts';
import { executeTool } from '../../../src/sandbox/tools/execute-tool.ts';
import { openNoSandbox } from '../../../src/adapters/sandbox/no-sandbox.ts';
import { createRoomCommands, type RoomCommands } from '../../../src/adapters/room-commands.ts';
import { createBackgroundCommands } from '../../../src/sandbox/background-commands.ts';
import type { RemoteCommands } from '../../../src/sandbox/remote-commands.ts';
import { createShownFiles, type ShownFiles } from '../../../src/sandbox/tools/shown-files.ts';
import type { ToolContext } from '../../../src/sandbox/tools/tool.ts';
import { freeLimits } from '../../support/free-limits.ts';

export interface TestTree {
  readonly root: string;
  /** Beside the tree: what links may not reach. */
  readonly outside: string;
  readonly logDirectory: string;
  readonly shown: ShownFiles;
  put(path: string, content: string | Buffer): void;
  text(path: string): string;
  call(tool: string, input: unknown, context?: Partial<ToolContext>): Promise<ToolResult>;
  /** Ends what still runs, as the end of a task does. */
  endCommands(): Promise<void>;
  /** The same, and removes the files. */
  remove(): Promise<void>;
}

/** What a toolhost would ask of the broker, done here: the commands run outside any sandbox. */
function localCommands(commands: RoomCommands): Pick<RemoteCommands, 'run' | 'start'> {
  return {
    run: commands.run,
    start: (command, onOutput) =>
      new Promise((resolve) => {
        void commands.start(command, new AbortController().signal, { onOutput, onEnded: resolve });
      }),
  };
}

export function createTestTree(files: Readonly<Record<string, string>> = {}): TestTree {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tools-')));
  const [root, outside, logDirectory] = [join(base, 'tree'), join(base, 'outside'), join(base, 'logs')];
  for (const directory of [root, outside]) mkdirSync(directory);
  const put = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(files)) put(path, content);
  const shown = createShownFiles();
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  const sandbox = openNoSandbox({ toolhostPath: '', shims: '', env });
  const places = {
    tree: { kind: 'folder', path: root } as const,
    home: base,
    temporary: base,
    logs: logDirectory,
    objects: [],
    network: null,
    produced: null,
  };
  const opened = sandbox
    .open(places)
    .then((room) => createRoomCommands(room, { env, limits: freeLimits(root), network: null }));
  const commands = localCommands({
    run: async (...given) => (await opened).run(...given),
    runBeside: async (...given) => (await opened).runBeside(...given),
    start: async (...given) => (await opened).start(...given),
    close: async () => (await opened).close(),
  });
  const background = createBackgroundCommands(logDirectory, commands);
  const common = { root, owns: [], foreign: [], logDirectory, env, shown, background, commands };
  return {
    root,
    outside,
    logDirectory,
    shown,
    put,
    text: (path) => readFileSync(join(root, path), 'utf8'),
    call: (tool, input, context) => executeTool(tool, input, { ...common, ...context }),
    endCommands: async () => (await opened).close(),
    remove: async () => {
      await (await opened).close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** Numbered lines `line 1` to `line <count>`, each ended. */
export const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${String(index + 1)}\n`).join('');
