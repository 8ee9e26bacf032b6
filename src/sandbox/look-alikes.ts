// Names that git or a file system could take for git's own directory, and links that lead out of a tree.

/**
 * Why a path may not be written to a tree nor taken from one; null when it may. Refused are paths that leave the tree and
 * every spelling of `.git` that some file system folds to it: case, trailing dots and blanks, NTFS streams and short
 * names, code points that HFS+ ignores, compatibility forms (CVE-2014-9390, CVE-2019-1352). A backslash counts as a
 * separator besides, as it is one on Windows (CVE-2019-1354); where it makes no such name it is a character like any other.
 */
export function refusedPath(path: string): string | null {
  if (path.includes('\0')) return 'it holds a NUL';
  for (const name of path.split('/')) {
    if (name === '') return 'it is not a plain relative path';
    const reason = refusedName(name);
    if (reason !== null) return reason;
  }
  return null;
}

/** Why one name, not a path, may not stand in a tree; null when it may. */
export function refusedName(name: string): string | null {
  for (const part of name.split('\\')) {
    if (part === '.' || part === '..') return 'it is not a plain relative path';
    if (isGitLookAlike(part)) return "its name can be taken for git's own directory";
  }
  return null;
}

/** Whether one name, not a path, is `.git` or can be taken for it. */
export function isGitLookAlike(name: string): boolean {
  // Nearly every name of a tree: nothing in it that folds.
  if (/^[\w-]+(?:\.[\w-]+)*$/.test(name)) return false;
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
 * where they go through real directories; after a name, which may itself be a link, `..` can lead anywhere. Git's own
 * directory lies inside but is no part of the tree. Backslashes and drives are read as Windows does.
 */
export function linkLeavesTree(path: string, target: string): boolean {
  const plain = target.replaceAll('\\', '/');
  if (plain.startsWith('/') || /^[a-z]:/i.test(plain) || plain.includes('\0')) return true;
  const names = plain.split('/').filter((name) => name !== '' && name !== '.');
  const down = names.findIndex((name) => name !== '..');
  const stepsUp = down < 0 ? names.length : down;
  if (stepsUp > path.split('/').length - 1) return true;
  return names.slice(stepsUp).some((name) => name === '..' || isGitLookAlike(name));
}
