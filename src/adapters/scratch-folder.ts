// The folder of one process for what a run needs only while it runs. Mounts end with their processes; the files of a process that
// was killed stay, and are found and removed by the next one that starts.
import { existsSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { lockedBy, lockRun } from './run-lock.ts';
import { removeFilled } from './tree-place.ts';

const prefixOf = (runId: string): string => `ai-implement-${runId}-`;

/** Makes one below `parent`, after what earlier processes of the same run have left is gone: nobody else works on that run. */
export async function makeScratchFolder(parent: string, runId: string): Promise<string> {
  const left = await ownFolders(parent, prefixOf(runId));
  await Promise.all([removeDeadScratch(parent), ...left.map((path) => removeFilled([path]).catch(() => undefined))]);
  // Marked before it has a name that others look for.
  const made = await mkdtemp(join(parent, '.ai-implement-'));
  lockRun(made, runId);
  const directory = join(parent, `${prefixOf(runId)}${made.slice(-6)}`);
  await rename(made, directory);
  return directory;
}

/** Removes the marked folders whose process is gone; others, and those of other users, are left alone. Never rejects. */
async function removeDeadScratch(parent: string): Promise<void> {
  const marked = (await ownFolders(parent, 'ai-implement-')).filter((path) => existsSync(join(path, 'lock')));
  const dead = marked.filter((path) => lockedBy(path) === null);
  await Promise.all(dead.map((path) => removeFilled([path]).catch(() => undefined)));
}

/** Folders of our user below `parent` whose names begin so; a link is none. */
async function ownFolders(parent: string, prefix: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch(() => []);
  const paths = names.filter((name) => name.startsWith(prefix)).map((name) => join(parent, name));
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
  const user = process.getuid?.();
  return paths.filter((_, i) => found[i]?.isDirectory() === true && (user === undefined || found[i]?.uid === user));
}
