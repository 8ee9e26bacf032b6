// Which untracked files a tree keeps to itself: the .gitignore files of the commit it was made from.
import ignore, { type Ignore } from 'ignore';

/**
 * Directories that tools make and nobody commits. They count as ignored where the commit does not say so: a new project has
 * no .gitignore yet, and its first `npm install` must not become a part of its first commit.
 */
const toolDirectories = new Set([
  'node_modules',
  '.venv',
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.tox',
]);

export interface IgnoreRules {
  /** Whether an untracked path is left out, as far as the path itself goes; the walk has asked for its parents. */
  ignores(path: string, isDirectory: boolean): boolean;
}

/** @param files content of each .gitignore by its path in the tree. */
export function createIgnoreRules(files: ReadonlyMap<string, string>): IgnoreRules {
  const byDirectory = new Map<string, Ignore>();
  for (const [path, content] of files) {
    byDirectory.set(path.slice(0, -'.gitignore'.length), ignore().add(content));
  }
  /** The nearest file that says anything decides; `null` when none does. */
  const byFiles = (path: string, isDirectory: boolean): boolean | null => {
    let directory = path.slice(0, path.lastIndexOf('/') + 1);
    for (;;) {
      const rules = byDirectory.get(directory);
      const answer = rules?.test(path.slice(directory.length) + (isDirectory ? '/' : ''));
      if (answer?.ignored === true) return true;
      if (answer?.unignored === true) return false;
      if (directory === '') return null;
      directory = directory.slice(0, directory.lastIndexOf('/', directory.length - 2) + 1);
    }
  };
  return {
    ignores: (path, isDirectory) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      return byFiles(path, isDirectory) ?? (isDirectory && toolDirectories.has(name));
    },
  };
}
