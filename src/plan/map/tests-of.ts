// Which test files belong to a source file, by name and place.

/** Names that many files have: such a file's tests must lie near it. */
const USUAL = new Set(['index', 'main', 'mod', 'lib', '__init__', 'types', 'utils', 'util', 'helpers', 'common']);
const MOST = 2;

/**
 * A finder over all test files of a commit: at most two, those of the same name and those of the same folder that are
 * named after it, nearest first; none where there are none.
 */
export function createTestFinder(testPaths: readonly string[]): (source: string) => string[] {
  const tests = new Map<string, string[]>();
  const put = (key: string, path: string): void => void tests.set(key, [...(tests.get(key) ?? []), path]);
  for (const path of testPaths) {
    const stem = stemOf(path);
    put(stem, path);
    if (USUAL.has(stem) || stem === foldersOf(path).at(-1)) put(`${foldersOf(path).join('/')}/`, path);
  }
  return (source) => {
    const stem = stemOf(source);
    const beside = tests.get(`${foldersOf(source).join('/')}/`) ?? [];
    const alike = (tests.get(stem) ?? []).filter((path) => !USUAL.has(stem) || isNear(source, path));
    return [...new Set([...beside, ...alike])]
      .filter((path) => path !== source)
      .sort((a, b) => sharedFolders(source, b) - sharedFolders(source, a) || (a < b ? -1 : 1))
      .slice(0, MOST);
  };
}

const foldersOf = (path: string): string[] => path.split('/').slice(0, -1);

/** A usual name says nothing: the test must be of the same folder, or both of the top. */
function isNear(source: string, test: string): boolean {
  const folder = foldersOf(source).at(-1) ?? '';
  return ROOTS.test(folder) ? foldersOf(test).length <= 1 : foldersOf(test).includes(folder);
}

/** `src/auth/login.test.ts`, `tests/test_login.py`, `LoginTest.java` to `login`. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/(\.d)?\.\w+$/, '');
  return name
    .replace(/[._-](test|spec)s?$/i, '')
    .replace(/^test[_-]/, '')
    .replace(/(Test|Tests|Spec)$/, '')
    .toLowerCase();
}

const ROOTS = /^(|src|lib|app|test|tests|packages)$/;

/** Folders that both have, but for the usual roots; the very same folder counts most. */
function sharedFolders(source: string, test: string): number {
  const [from, to] = [foldersOf(source), foldersOf(test)];
  if (from.join('/') === to.join('/')) return 100;
  return from.filter((folder) => to.includes(folder) && !ROOTS.test(folder)).length;
}
