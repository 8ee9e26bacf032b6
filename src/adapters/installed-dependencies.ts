// Dependencies that lie installed in the user's checkout: a step before ours, or the user, has paid for them already.
import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Git } from '../ports.ts';

/** Files that say what `node_modules` has to hold. */
const manifests = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
];

/**
 * The `node_modules` folders of the checkout, relative to it, when they are those of the commit: one lies beside the
 * top manifest, and every manifest of the checkout is byte for byte the commit's. Empty otherwise.
 */
export async function installedDependencies(
  checkout: string,
  commit: string,
  git: Pick<Git, 'listFiles' | 'readFile'>,
): Promise<readonly string[]> {
  const paths = (await git.listFiles(commit)).map((entry) => entry.path);
  const wanted = paths.filter((path) => manifests.includes(path.slice(path.lastIndexOf('/') + 1)));
  const folders = wanted
    .filter((path) => /(^|\/)package\.json$/.test(path))
    .map((path) => join(dirname(path), 'node_modules'));
  const there = await Promise.all(folders.map((folder) => isFolder(join(checkout, folder))));
  const found = folders.filter((_, i) => there[i]);
  if (!found.includes('node_modules')) return [];
  const same = await Promise.all(wanted.map((path) => isSame(checkout, path, commit, git)));
  return same.every(Boolean) ? found : [];
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function isSame(checkout: string, path: string, commit: string, git: Pick<Git, 'readFile'>): Promise<boolean> {
  const [there, wanted] = await Promise.all([
    readFile(join(checkout, path), 'utf8').catch(() => null),
    git.readFile(commit, path),
  ]);
  return there === wanted;
}
