// Gives a tree the dependencies that the setup command installed in another one.
import { execFile } from 'node:child_process';
import { existsSync, lstatSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

/**
 * A real copy, cheap where the file system shares blocks. Hard links would be cheaper still, but an edit in place by one
 * agent would reach all others.
 */
const copyFlags = process.platform === 'linux' ? ['-a', '--reflink=auto'] : ['-a'];

/** Whether `path` may be made: its parent is a real directory of the tree, and nothing is there yet. */
function hasPlace(root: string, path: string): boolean {
  const parent = join(root, dirname(path));
  if (!existsSync(parent) || realpathSync(parent) !== parent) return false;
  return lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined;
}

/**
 * Copies paths, relative to both, or links to them, from one tree to another; those without a place there are passed over (a package that
 * this commit does not have). @param root must be a real path.
 */
export async function copyProduced(
  from: string,
  root: string,
  paths: readonly string[],
  how: 'copy' | 'link',
): Promise<void> {
  if (how === 'link') {
    for (const path of paths.filter((one) => hasPlace(root, one))) symlinkSync(join(from, path), join(root, path));
    return;
  }
  const byParent = new Map<string, string[]>();
  for (const path of paths.filter((one) => hasPlace(root, one))) {
    byParent.set(dirname(path), [...(byParent.get(dirname(path)) ?? []), join(from, path)]);
  }
  for (const [parent, sources] of byParent) {
    await promisify(execFile)('cp', [...copyFlags, '--', ...sources, join(root, parent)], { cwd: root });
  }
}
