// Looks through what a commit changes for a credential of the run.
import type { Git } from './ports.ts';

/** The `Git` port with what reads any object, links among them. */
export interface ReadableGit extends Git {
  readObject(id: string): Promise<{ readonly bytes: Buffer }>;
}

/**
 * Path of the first changed file in which a credential shows that did not show in it before, as text or in its name; null
 * where there is none. Whole files, as a diff leaves out binary ones.
 * @param tree the new tree, beside the commit `from`
 */
export async function exposedFile(
  git: ReadableGit,
  from: string,
  tree: string,
  shows: (text: string) => boolean,
): Promise<string | null> {
  const changed = (await git.changedFiles(from, tree)).filter(({ status }) => status !== 'deleted');
  if (changed.length === 0) return null;
  const [before, after] = await Promise.all([readerOf(git, from), readerOf(git, tree)]);
  for (const { path, previousPath = path } of changed) {
    if (shows(path)) return path;
    if (shows(await after(path)) && !shows(await before(previousPath))) return path;
  }
  return null;
}

/** Reads files, and what links point at, as text; empty for what is not there and for commits of submodules. */
async function readerOf(git: ReadableGit, treeish: string): Promise<(path: string) => Promise<string>> {
  const files = await git.listFiles(treeish);
  const ids = new Map(files.filter(({ mode }) => mode !== '160000').map(({ path, id }) => [path, id]));
  return async (path) => {
    const id = ids.get(path);
    return id === undefined ? '' : (await git.readObject(id)).bytes.toString();
  };
}
