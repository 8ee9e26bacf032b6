// Files that say which packages a project takes, and how each of them is read for where they come from.

/**
 * `package-json`: npm's manifest. `json`: a lockfile that is JSON. `lines`: a lockfile read for addresses, whatever stands
 * around them. `sourceless`: a lockfile that names no place, or only such as its registry chooses.
 */
export type PackageFileKind = 'package-json' | 'json' | 'lines' | 'sourceless';

const kinds: readonly (readonly [RegExp, PackageFileKind])[] = [
  [/^package\.json$/, 'package-json'],
  [/^(?:\.?package-lock|npm-shrinkwrap)\.json$|^pipfile\.lock$/, 'json'],
  [/^(?:pnpm-lock\.yaml|yarn\.lock|bun\.lock|poetry\.lock|uv\.lock|pdm\.lock|cargo\.lock|gemfile\.lock)$/, 'lines'],
  [/^pylock(?:\.[^/]+)?\.toml$|^(?:requirements|constraints)[^/]*\.(?:txt|in)$/, 'lines'],
  // Modules of Go are fetched through its proxy and held against its sum database, whatever their names are.
  [
    /^(?:go\.sum|composer\.lock|bun\.lockb|deno\.lock|mix\.lock|pubspec\.lock|podfile\.lock|package\.resolved)$/,
    'sourceless',
  ],
  [/^(?:gradle\.lockfile|packages\.lock\.json|flake\.lock)$/, 'sourceless'],
];

/** Null for a file that is none of them. */
export function packageFileKind(path: string): PackageFileKind | null {
  const name = nameOf(path);
  return kinds.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** True for files that a tool writes: nobody reads them line by line. */
export const isLockfile = (path: string): boolean => {
  const kind = packageFileKind(path);
  return kind !== null && kind !== 'package-json' && !/\.(?:txt|in)$/.test(nameOf(path));
};

/** The last name of a path, in small letters: some file systems make no difference. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();
