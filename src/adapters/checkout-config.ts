// The git configuration of the checkout, read as files: running git there would obey it.
import { readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';

export interface CheckoutConfig {
  /** `.git` of the checkout. */
  readonly gitDir: string;
  /** RUNNER_TEMP: only files below it are followed, as those alone are the runner's own. */
  readonly tempDir: string;
  /** Paths that a text of configuration includes. */
  readonly includedPaths: (text: string) => readonly string[];
}

/** More than any configuration that a runner writes. */
const maxBytes = 1024 * 1024;
const maxIncludes = 20;

/** The configuration, and each file below RUNNER_TEMP that it includes. What cannot be read is left out. */
export async function readCheckoutConfig({
  gitDir,
  tempDir,
  includedPaths,
}: CheckoutConfig): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const own = await readText(join(gitDir, 'config'));
  if (own === null) return [];
  const paths = [...new Set(includedPaths(own).map((path) => resolve(gitDir, path)))];
  const below = paths.filter((path) => isBelow(tempDir, path)).slice(0, maxIncludes);
  const included = await Promise.all(
    below.map(async (path) => ({ name: basename(path), text: (await readText(path)) ?? '' })),
  );
  return [{ name: '.git/config', text: own }, ...included];
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

async function readText(path: string): Promise<string | null> {
  try {
    const facts = await stat(path);
    return facts.isFile() && facts.size <= maxBytes ? await readFile(path, 'utf8') : null;
  } catch {
    return null;
  }
}
