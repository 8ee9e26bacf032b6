// A directory with files, and tools that work on it.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ToolResult } from '../../../src/ports.ts';
import { executeTool } from '../../../src/sandbox/tools/execute-tool.ts';
import { type BackgroundCommands, createBackgroundCommands } from '../../../src/sandbox/background-commands.ts';
import { createShownFiles, type ShownFiles } from '../../../src/sandbox/tools/shown-files.ts';
import type { ToolContext } from '../../../src/sandbox/tools/tool.ts';

export interface TestTree {
  readonly root: string;
  /** Beside the tree: what links may not reach. */
  readonly outside: string;
  readonly logDirectory: string;
  readonly shown: ShownFiles;
  readonly background: BackgroundCommands;
  put(path: string, content: string | Buffer): void;
  text(path: string): string;
  call(tool: string, input: unknown, context?: Partial<ToolContext>): Promise<ToolResult>;
  remove(): void;
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
  const background = createBackgroundCommands(logDirectory);
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  return {
    root,
    outside,
    logDirectory,
    shown,
    background,
    put,
    text: (path) => readFileSync(join(root, path), 'utf8'),
    call: (tool, input, context) =>
      executeTool(tool, input, { root, owns: [], foreign: [], logDirectory, env, shown, background, ...context }),
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

/** Numbered lines `line 1` to `line <count>`, each ended. */
export const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${String(index + 1)}\n`).join('');
