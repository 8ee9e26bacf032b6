// Puts first commits into a repository of the bed.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { branchHead, git, gitEnvironment } from './bare-repository.ts';
import type { SeedOptions, SeedSource } from './types.ts';

const identity = (name: string): Readonly<Record<string, string>> => {
  const email = `${name.toLowerCase()}@example.com`;
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
};

/**
 * Commits the files onto a branch of the bare repository and returns the commit. Files already there stay.
 * A directory is taken without its `.git` and `node_modules`; modes are kept.
 */
export async function seedRepository(bare: string, source: SeedSource, options: SeedOptions = {}): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'bed-seed-'));
  const env = { ...gitEnvironment, ...identity(options.author ?? 'Bed') };
  const run = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)('git', ['-C', tree, ...args], { env, maxBuffer: 1 << 28 });
  try {
    const head = await git(bare, 'symbolic-ref', '--short', 'HEAD');
    const branch = options.branch ?? head;
    await run('init', '--quiet', '--template=', `--initial-branch=${branch}`);
    const start = (await branchHead(bare, branch)) ?? (await branchHead(bare, head));
    if (start !== null) await run('fetch', '--quiet', bare, start);
    if (start !== null) await run('reset', '--quiet', '--hard', start);
    await copyInto(tree, source);
    await run('add', '--all', '--force');
    await run('commit', '--quiet', '--allow-empty', '--message', options.message ?? 'chore: first commit');
    await run('push', '--quiet', bare, `HEAD:refs/heads/${branch}`);
    return await git(tree, 'rev-parse', 'HEAD');
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function copyInto(tree: string, source: SeedSource): Promise<void> {
  if (typeof source === 'string') {
    const skipped = ['.git', 'node_modules'];
    const filter = (path: string): boolean => path === source || !skipped.includes(basename(path));
    await cp(source, tree, { recursive: true, filter, verbatimSymlinks: true });
    return;
  }
  for (const [path, content] of Object.entries(source)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
}
