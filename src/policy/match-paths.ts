// Which paths are protected, however they are spelt: a file system may fold what git keeps apart.
import picomatch from 'picomatch';
import type { DiffPolicy } from './diff-policy.ts';

/**
 * The path as a forgiving file system would take it: compatibility forms (NFKC), letters of either case, characters that
 * HFS+ ignores, trailing dots and blanks and NTFS streams of a name.
 */
export const foldPath = (path: string): string =>
  path
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .toLowerCase()
    .split('/')
    .map((name) => name.replace(/(?<=.):.*$/s, '').replace(/(?<=[^. ])[. ]+$/, ''))
    .join('/');

/**
 * True for paths that an agent may not change. Protected globs meet the folded path; `exclude` is taken by the letter, so
 * that no look-alike of what is allowed gets through.
 */
export function createPathMatcher({
  protectedPaths,
  exclude,
}: Pick<DiffPolicy, 'protectedPaths' | 'exclude'>): (path: string) => boolean {
  const isProtected = matcher(protectedPaths.map(foldGlob));
  const isExcluded = matcher(exclude);
  return (path) => isProtected(foldPath(path)) && !isExcluded(path);
}

/** True for paths that match one of the globs; none match an empty list. */
export function matcher(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true });
}

const foldGlob = (glob: string): string => glob.normalize('NFKC').toLowerCase();
