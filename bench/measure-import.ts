// What it costs to take an agent's files back: a tree of 1,250 files and 20 MB, ten of which were changed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openSource } from '../src/adapters/git-source.ts';
import { createGitStore } from '../src/adapters/git-store.ts';
import { openSandbox } from '../src/adapters/sandbox/open-sandbox.ts';
import { makeShimFolder } from '../src/adapters/shim-folder.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { createTrees } from '../src/adapters/trees.ts';
import { median, rounded } from './statistics.ts';

const FILES = 1250;
const CHANGED = 10;
const ROUNDS = 7;
const LINE = 'a line of source, as long as most lines of code are\n';
const LINES_PER_FILE = 300;

const pathOf = (i: number): string => `src/part-${i % 25}/group-${i % 5}/file-${i}.js`;

function makeRepository(directory: string): void {
  for (let i = 0; i < FILES; i++) {
    const path = join(directory, pathOf(i));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${i}\n${LINE.repeat(LINES_PER_FILE)}`);
  }
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', directory, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args]);
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=base');
}

/** Median time of a save, in milliseconds, from the request to the written git tree. @param root has dist/ */
export async function measureImport(root: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-import-'));
  const checkout = join(directory, 'checkout');
  makeRepository(checkout);
  const source = await openSource(checkout);
  const commit = source.headCommit ?? '';
  const remote = { kind: 'local', gitDir: source.gitDir, has: [commit] } as const;
  const prefix = (): string => 'ai';
  const store = createGitStore({ directory: join(directory, 'store'), source, remote, clock: systemClock, prefix });
  const toolhostPath = join(root, 'dist', 'toolhost.cjs');
  const shims = makeShimFolder(directory);
  const sandbox = openSandbox({
    ...{ choice: 'auto', network: 'none', directory: join(directory, 'sandbox'), toolhostPath, shims },
    ...{ env: process.env, readOnlyPaths: [], maySudo: false },
  });
  const trees = createTrees({ store, sandbox, directory: join(directory, 'trees'), env: process.env });
  try {
    const tree = await trees.open('bench', commit);
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const changed = Array.from({ length: CHANGED }, (_, i) => pathOf((round * 97 + i * 131) % FILES));
      await tree.run({
        command: changed.map((path) => `echo 'change ${round}' >> ${path}`).join('\n'),
        timeoutMs: 60_000,
      });
      const startedAt = performance.now();
      const saved = await tree.save();
      // The first save reads every file that was too young for a stamp when it was written.
      if (round > 0) times.push(performance.now() - startedAt);
      if (saved.refused.length > 0) throw new Error('the import refused a file');
    }
    return rounded(median(times));
  } finally {
    await trees.close();
    store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
