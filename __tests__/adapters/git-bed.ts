// A bed for tests of the store and of trees: real repositories in a temporary directory, and a bundled toolhost.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { RemoteOptions } from '../../src/adapters/git-remote.ts';
import { openSource, type Source } from '../../src/adapters/git-source.ts';
import { createGitStore, type GitStore } from '../../src/adapters/git-store.ts';

/** Nothing of the machine's own git configuration reaches a test. */
const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.invalid',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.invalid',
};

/** Runs the user's git, as the user would, and returns what it prints. */
export function git(directory: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', directory, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .replace(/\n$/, '');
}

/** Content by path: text, bytes, an executable script, or a link. */
export type Files = Readonly<
  Record<string, string | Buffer | { readonly script: string } | { readonly linkTo: string }>
>;

export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const full = join(directory, path);
    await mkdir(dirname(full), { recursive: true });
    if (typeof content === 'string' || Buffer.isBuffer(content)) await writeFile(full, content);
    else if ('linkTo' in content) await symlink(content.linkTo, full);
    else {
      await writeFile(full, content.script);
      await chmod(full, 0o755);
    }
  }
}

/** A repository on branch `main` with one commit of these files (byte for byte, whatever .gitattributes says). */
export async function makeRepository(directory: string, files: Files): Promise<string> {
  await mkdir(directory, { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  await writeFiles(directory, files);
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message=base');
  return git(directory, 'rev-parse', 'HEAD');
}

export interface Bed {
  readonly directory: string;
  /** The user's checkout. */
  readonly checkout: string;
  readonly base: string;
  readonly source: Source;
  readonly store: GitStore;
  close(): Promise<void>;
}

export interface BedOptions {
  readonly remote?: RemoteOptions;
  /** Changes the checkout before the store is made on it. Returns where the checkout is, if elsewhere. */
  readonly prepare?: (checkout: string) => Promise<string | undefined> | string | undefined;
}

/** 2026-11-22T10:00:00Z, for commits that can be compared. */
export const clock = { now: () => 1_795_341_600_000 };

export async function makeBed(files: Files, options: BedOptions = {}): Promise<Bed> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'git-bed-')));
  const made = join(directory, 'checkout');
  const base = await makeRepository(made, files);
  const checkout = (await options.prepare?.(made)) ?? made;
  const source = await openSource(checkout);
  const remote = options.remote ?? { kind: 'local', gitDir: source.gitDir, has: [base] };
  const store = createGitStore({
    directory: join(directory, 'store'),
    source,
    remote,
    clock,
    prefix: () => 'ai',
  });
  const close = async (): Promise<void> => {
    store.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { directory, checkout, base: source.headCommit ?? base, source, store, close };
}

/** Bundles the toolhost as the build does; returns its path. */
export async function bundleToolhost(directory: string): Promise<string> {
  const outfile = join(directory, 'toolhost.cjs');
  await build({
    entryPoints: ['src/sandbox/toolhost.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
