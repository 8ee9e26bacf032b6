// What trees for agents cost: ours, and `git worktree add` on the same repository beside them.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSource } from '../src/adapters/git-source.ts';
import { createGitStore, type GitStore } from '../src/adapters/git-store.ts';
import { openSandbox } from '../src/adapters/sandbox/open-sandbox.ts';
import { makeShimFolder } from '../src/adapters/shim-folder.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { createTrees } from '../src/adapters/trees.ts';
import type { Tree, Trees } from '../src/ports.ts';
import { median, rounded } from './statistics.ts';
import { bytesPerFile, makeTreeRepository, pathOf } from './tree-repository.ts';

export interface TreesFigures {
  readonly files: number;
  readonly kind: string;
  /** From the request to a command's output out of it: the base is written out first. */
  readonly firstTreeMs: number;
  /** Eight more at once, until each is mounted (or written): what `git worktree add` is done with at its end. Each is then read. */
  readonly eightTreesMs: number;
  /** The same, until a command in each has read a file. */
  readonly eightCommandsMs: number;
  /** The same, until a tool call in each has read one: each starts its tool process. */
  readonly eightToolsMs: number;
  /** Of a tree with ten changed files, from the request to the written git tree. */
  readonly importTenChangesMs: number;
  /** Bytes on the disk of the eight, each with ten changed files, to the bytes of those. */
  readonly diskRatio: number;
  readonly diskMb: number;
}

export interface GitFigures {
  readonly gitFirstTreeMs: number;
  readonly gitEightTreesMs: number;
  /** `git add --all` and `git write-tree`. */
  readonly gitImportMs: number;
  readonly gitDiskMb: number;
}

export interface MeasureTreesOptions {
  /** Has dist/. */
  readonly root: string;
  readonly files: number;
  readonly kind: 'overlay' | 'reflink' | 'copies' | null;
}

const TREES = 8;
const CHANGED = 10;
const run = promisify(execFile);
/** Waits for all, also where one fails: what is still under way would go on in folders that are removed. */
async function eight<T>(make: (i: number) => Promise<T>): Promise<readonly T[]> {
  const ended = await Promise.allSettled(Array.from({ length: TREES }, (_, i) => make(i)));
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  // What was written before is not to be waited for in this measurement.
  execFileSync('sync');
  const startedAt = performance.now();
  const value = await work();
  return [performance.now() - startedAt, value];
}

const diskBytes = (directory: string): number =>
  Number(execFileSync('du', ['-s', '-B1', directory]).toString().split('\t')[0]);

/** Ten files, as one agent has them: in two folders. */
const changedBy = (i: number, files: number): readonly string[] =>
  Array.from({ length: CHANGED }, (_, k) => pathOf((i * 97 + k * 8) % files));

export interface MeasuredRepository {
  ours(): Promise<TreesFigures>;
  git(): Promise<GitFigures>;
  remove(): void;
}

/** Generates the repository. */
export async function openTreeRepository(options: MeasureTreesOptions): Promise<MeasuredRepository> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-trees-'));
  const checkout = join(directory, 'checkout');
  const commit = await makeTreeRepository(checkout, options.files);
  return {
    ours: () => measureOurs(directory, checkout, commit, options),
    git: () => measureGit(directory, checkout, options.files),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function openTrees(directory: string, checkout: string, { root, kind }: MeasureTreesOptions) {
  const source = await openSource(checkout);
  const remote = { kind: 'local', gitDir: source.gitDir, has: [] } as const;
  const prefix = (): string => 'ai';
  const store: GitStore = createGitStore({
    directory: join(directory, 'store'),
    source,
    remote,
    clock: systemClock,
    prefix,
  });
  const shims = makeShimFolder(directory);
  const sandbox = openSandbox({
    ...{ choice: 'auto', network: 'none', directory: join(directory, 'sandbox'), shims, maySudo: false },
    ...{ toolhostPath: join(root, 'dist', 'toolhost.cjs'), env: process.env, readOnlyPaths: [] },
  });
  const forced = kind === null ? {} : { treeKind: kind };
  const trees = createTrees({ store, sandbox, directory: join(directory, 'trees'), env: process.env, ...forced });
  return { trees, close: () => trees.close().then(store.close) };
}

async function measureOurs(
  directory: string,
  checkout: string,
  commit: string,
  options: MeasureTreesOptions,
): Promise<TreesFigures> {
  const { files } = options;
  const { trees, close } = await openTrees(directory, checkout, options);
  const open = (i: number): Promise<Tree> => trees.open(`bench-${i}`, commit);
  const read = async (tree: Tree, i: number): Promise<Tree> => {
    const command = `IFS= read -r line <${pathOf(files - 1 - i)} && echo "${'$'}{#line}"`;
    const { output } = await tree.run({ command, timeoutMs: 60_000 });
    if (!(Number(output) > 0)) throw new Error(`the tree has no files: ${output}`);
    return tree;
  };
  try {
    const { trees: kind } = await trees.sandbox();
    const [firstTreeMs, first] = await timed(async () => read(await open(0), 0));
    const before = diskBytes(join(directory, 'trees'));
    const [eightTreesMs, opened] = await timed(() => eight((i) => open(i + 1)));
    const [readMs] = await timed(() => Promise.all(opened.map(read)));
    const eightCommandsMs = eightTreesMs + readMs;
    const importTenChangesMs = await measureImports(opened, files);
    const disk = diskBytes(join(directory, 'trees')) - before;
    await Promise.all([first, ...opened].map((tree) => tree.close()));
    return {
      ...{ files, kind: String(kind), firstTreeMs: rounded(firstTreeMs), eightTreesMs: rounded(eightTreesMs) },
      eightCommandsMs: rounded(eightCommandsMs),
      eightToolsMs: rounded(await measureTools(trees, commit)),
      importTenChangesMs: rounded(importTenChangesMs),
      diskRatio: rounded(disk / (TREES * CHANGED * bytesPerFile)),
      diskMb: rounded(disk / 1_000_000),
    };
  } finally {
    await close();
  }
}

/** Each tree changes ten files, and is saved while nothing else runs. */
async function measureImports(trees: readonly Tree[], files: number): Promise<number> {
  const times: number[] = [];
  for (const [i, tree] of trees.entries()) {
    await tree.call('read', { paths: [{ path: pathOf(0) }] }, { owns: [], foreign: [] });
    const command = changedBy(i, files).map((path) => `echo 'change ${i}' >> ${path}`);
    await tree.run({ command: command.join('\n'), timeoutMs: 60_000 });
    const startedAt = performance.now();
    const { refused } = await tree.save();
    times.push(performance.now() - startedAt);
    if (refused.length > 0) throw new Error('the import refused a file');
  }
  return median(times);
}

async function measureTools(trees: Trees, commit: string): Promise<number> {
  const [ms, opened] = await timed(() =>
    eight(async (i) => {
      const tree = await trees.open(`tools-${i}`, commit);
      const { isError, content } = await tree.call('read', { paths: [{ path: pathOf(i) }] }, { owns: [], foreign: [] });
      if (isError) throw new Error(`a tool could not read: ${content}`);
      return tree;
    }),
  );
  await Promise.all(opened.map((tree) => tree.close()));
  return ms;
}

async function measureGit(directory: string, checkout: string, files: number): Promise<GitFigures> {
  const worktrees = join(directory, 'worktrees');
  mkdirSync(worktrees);
  const at = (name: string): string => join(worktrees, name);
  /** Several at once get into each other's way now and then; whoever uses it so has to try again, too. */
  const add = async (name: string, tries = 5): Promise<void> => {
    const args = ['-C', checkout, 'worktree', 'add', '--force', '--quiet', '--detach', at(name), 'main'];
    await run('git', args).catch(async (error: unknown) => {
      if (tries === 1) throw error;
      rmSync(at(name), { recursive: true, force: true });
      await add(name, tries - 1);
    });
  };
  const [gitFirstTreeMs] = await timed(() => add('first'));
  const before = diskBytes(worktrees);
  const [gitEightTreesMs] = await timed(() => eight((i) => add(String(i))));
  const gitDiskMb = rounded((diskBytes(worktrees) - before) / 1_000_000);
  const times: number[] = [];
  for (let i = 0; i < TREES; i++) {
    await run(
      'bash',
      [
        '-c',
        changedBy(i, files)
          .map((path) => `echo change >> ${path}`)
          .join('\n'),
      ],
      { cwd: at(String(i)) },
    );
    const startedAt = performance.now();
    await run('git', ['-C', at(String(i)), 'add', '--all']);
    await run('git', ['-C', at(String(i)), 'write-tree']);
    times.push(performance.now() - startedAt);
  }
  return {
    ...{ gitFirstTreeMs: rounded(gitFirstTreeMs), gitEightTreesMs: rounded(gitEightTreesMs) },
    ...{ gitImportMs: rounded(median(times)), gitDiskMb },
  };
}
