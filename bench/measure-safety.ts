// What the sandbox costs: a command in it beside a bare one, a call of a file tool, and trying the sandbox out at the start.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../src/adapters/git-source.ts';
import { createGitStore } from '../src/adapters/git-store.ts';
import { openSandbox } from '../src/adapters/sandbox/open-sandbox.ts';
import { makeShimFolder } from '../src/adapters/shim-folder.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { createTrees } from '../src/adapters/trees.ts';
import type { Tree } from '../src/ports.ts';
import type { Sandbox } from '../src/sandbox/box/sandbox.ts';
import { median, rounded } from './statistics.ts';

const COMMANDS = 40;
const CALLS = 60;
const STARTS = 7;
const FILE = 'a line of source, as long as most lines of code are\n'.repeat(80);

export interface SafetyFigures {
  /** What a command takes longer in the sandbox than without: the median of pairs. */
  readonly sandboxedCommandExtraMs: number;
  readonly bareCommandMs: number;
  /** The slowest of `read`, `write`, `edit` and `search` on files of 4 KB, each by its median. */
  readonly fileToolMs: number;
  /** Writing a small JavaScript file, which a parser looks at before the tool answers. */
  readonly checkedWriteMs: number;
  /** Opening the sandbox and trying it out, before anything is trusted to it. */
  readonly sandboxStartMs: number;
}

/** @param root has dist/ */
export async function measureSafety(root: string): Promise<SafetyFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-safety-'));
  const shims = makeShimFolder(directory);
  let count = 0;
  const open = (): Promise<Sandbox> => {
    const own = join(directory, `sandbox-${String(count++)}`);
    mkdirSync(own, { mode: 0o700 });
    return openSandbox({
      ...{ choice: 'auto', network: 'none', directory: own, toolhostPath: join(root, 'dist', 'toolhost.cjs'), shims },
      ...{ env: process.env, readOnlyPaths: [], maySudo: false },
    });
  };
  try {
    const starts: number[] = [];
    for (let i = 0; i < STARTS; i++) {
      const startedAt = performance.now();
      const sandbox = await open();
      starts.push(performance.now() - startedAt);
      await sandbox.close();
    }
    return { ...(await measureInTree(directory, open())), sandboxStartMs: rounded(median(starts)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureInTree(directory: string, sandbox: Promise<Sandbox>) {
  const checkout = join(directory, 'checkout');
  makeRepository(checkout);
  const source = await openSource(checkout);
  const commit = source.headCommit ?? '';
  const remote = { kind: 'local', gitDir: source.gitDir, has: [commit] } as const;
  const prefix = (): string => 'ai';
  const store = createGitStore({ directory: join(directory, 'store'), source, remote, clock: systemClock, prefix });
  const trees = createTrees({ store, sandbox, directory: join(directory, 'trees'), env: process.env });
  try {
    const tree = await trees.open('bench', commit);
    return { ...(await measureCommands(tree)), ...(await measureTools(tree)) };
  } finally {
    await trees.close();
    store.close();
  }
}

function makeRepository(directory: string): void {
  mkdirSync(directory);
  for (let i = 0; i < 20; i++) writeFileSync(join(directory, `file-${String(i)}.txt`), FILE);
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', directory, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args]);
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=base');
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/** One after the other in turn, so that what else the machine does falls on both. */
async function measureCommands(tree: Tree) {
  const [bare, extra]: [number[], number[]] = [[], []];
  for (let i = 0; i < COMMANDS; i++) {
    const one = await timed(runBare);
    bare.push(one);
    extra.push((await timed(() => tree.run({ command: 'true', timeoutMs: 10_000 }))) - one);
  }
  return { sandboxedCommandExtraMs: rounded(median(extra)), bareCommandMs: rounded(median(bare)) };
}

const runBare = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', 'true'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.on('error', reject);
    child.on('close', () => resolve());
  });

type Call = readonly [tool: string, input: (i: number) => unknown];

/** Files that no parser looks at. */
const plainCalls: readonly Call[] = [
  ['read', (i) => ({ paths: [{ path: `file-${String(i % 20)}.txt` }] })],
  ['write', (i) => ({ path: `new-${String(i)}.txt`, content: FILE })],
  ['edit', (i) => ({ path: `new-${String(i)}.txt`, edits: [{ old_string: FILE, new_string: `${String(i)}\n` }] })],
  ['search', (i) => ({ pattern: 'source', path: `file-${String(i % 20)}.txt` })],
];
/** Looked at by a process of its own before the answer. */
const checkedCall: Call = [
  'write',
  (i) => ({ path: `new-${String(i)}.js`, content: `export const n = ${String(i)};\n` }),
];

async function measureTools(tree: Tree) {
  const medians: number[] = [];
  for (const call of plainCalls) medians.push(await medianOf(tree, call));
  return { fileToolMs: rounded(Math.max(...medians)), checkedWriteMs: rounded(await medianOf(tree, checkedCall)) };
}

async function medianOf(tree: Tree, [tool, input]: Call): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const given = input(i);
    const startedAt = performance.now();
    const { isError, content } = await tree.call(tool, given, { owns: [], foreign: [] });
    times.push(performance.now() - startedAt);
    if (isError) throw new Error(`${tool}: ${content}`);
  }
  return median(times);
}
