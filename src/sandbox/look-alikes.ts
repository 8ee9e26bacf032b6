// Names that git or a file system could take for git's own directory, and links that lead out of a tree.

/**
 * Why a path may not be written to a tree nor taken from one; null when it may. Refused are paths that leave the tree and
 * every spelling of `.git` that some file system folds to it: case, trailing dots and blanks, NTFS streams and short
 * names, code points that HFS+ ignores, compatibility forms (CVE-2014-9390, CVE-2019-1352).
 */
export function refusedPath(path: string): string | null {
  if (path.includes('\0')) return 'it holds a NUL';
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') return 'it is not a plain relative path';
    if (isGitLookAlike(name)) return "its name can be taken for git's own directory";
  }
  return null;
}

/** Whether one name, not a path, is `.git` or can be taken for it. */
export function isGitLookAlike(name: string): boolean {
  const folded = name
    .normalize('NFKC')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
  return folded === '.git' || /^git~\d+$/.test(folded);
}

/**
 * Whether a symbolic link at `path` with this target may point out of the tree. Steps up are allowed only at the start,
 * where they go through real directories; after a name, which may itself be a link, `..` can lead anywhere.
 */
export function linkLeavesTree(path: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\0')) return true;
  const names = target.split('/').filter((name) => name !== '' && name !== '.');
  const down = names.findIndex((name) => name !== '..');
  const stepsUp = down < 0 ? names.length : down;
  return stepsUp > path.split('/').length - 1 || names.slice(stepsUp).includes('..');
}
