// The map of a request: likely files with their definitions and uses by line, the code of the likeliest, and their tests.
import type { Git, TreeEntry } from '../../ports.ts';
import { choosePlaces } from './choose-places.ts';
import { documentsOf } from './draw-document.ts';
import { drawFiles } from './draw-files.ts';
import { kindOf } from './file-kinds.ts';
import { mentionedPaths } from './mentioned-paths.ts';
import { rankFiles } from './rank-files.ts';
import { scoreFile, type ReadFile } from './read-file.ts';
import { requestNames, type RequestName } from './request-names.ts';
import type { Request } from './request-text.ts';
import { requestWords } from './request-words.ts';
import { showCode } from './show-code.ts';
import { showTests, type TestFile } from './show-tests.ts';
import { createTestFinder } from './tests-of.ts';
import { valuePieces } from './value-pieces.ts';

export interface RequestMap {
  /** Likely files, best first; empty when the request names nothing that the commit has. */
  readonly files: string;
  /** Code of the likeliest places; empty when nothing stands out. */
  readonly code: string;
  /** Tests that belong to that code; empty when there are none. */
  readonly tests: string;
  /** Paths of the likely files, best first. */
  readonly paths: readonly string[];
}

const NOTHING: RequestMap = { files: '', code: '', tests: '', paths: [] };

/** Files that are read for definitions, and the largest of them: a bound for repositories of any size. */
const READ_FILES = 30;
const MAX_FILE_BYTES = 300_000;
/**
 * Characters of code and tests together, and what of it is kept for the tests: about 3,200 tokens, which is less than
 * one turn of looking around costs.
 */
const CODE_CHARS = 9_600;
const TESTS_CHARS = 1_700;
/** Test files of which something is shown. */
const TEST_FILES = 2;
/** A file far behind the best one is no place to look. */
const LEAST_SHARE = 0.12;

/** Deterministic for a commit and a request. Costs nothing for a request without names: no process, no file. */
export async function mapRequest(
  { commit, request, entries }: { commit: string; request: Request; entries: readonly TreeEntry[] },
  git: Pick<Git, 'grep' | 'readFile'>,
): Promise<RequestMap> {
  const names = requestNames(request);
  if (names.length === 0) return NOTHING;
  const paths = entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path);
  const occurrences = await git.grep(commit, searched(names));
  const { files, worth } = rankFiles(paths, names, occurrences, mentionedPaths(request, paths));
  const sizes = new Map(entries.map(({ path, sizeBytes }) => [path, sizeBytes]));
  const small = files.filter(({ path }) => (sizes.get(path) ?? 0) <= MAX_FILE_BYTES).slice(0, READ_FILES);
  const texts = await Promise.all(small.map((file) => git.readFile(commit, file.path)));
  const ranked = small
    .map((file, index) => scoreFile(file, texts[index] ?? '', names, worth))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  const [best] = ranked;
  if (best === undefined) return NOTHING;
  const likely = ranked.filter(({ score }) => score >= best.score * LEAST_SHARE);
  const words = requestWords(request);
  const testsOf = createTestFinder(paths.filter((path) => kindOf(path) === 'test'));
  const piecesOf = keep((file: ReadFile) => valuePieces(file, { names, worth, words }));
  const places = choosePlaces(likely, names, piecesOf);
  const testPaths = testPathsOf(
    places.map(({ path }) => path),
    likely,
    testsOf,
  );
  const code = showCode(places, CODE_CHARS - (testPaths.length > 0 ? TESTS_CHARS : 0));
  const tests = await readTests(testPaths, { ranked, worth, read: (path) => git.readFile(commit, path) });
  return {
    files: drawFiles(likely, files, {
      names,
      worth,
      testsOf,
      ranges: code.ranges,
      piecesOf,
      documents: documentsOf(ranked, words),
    }),
    code: code.text,
    tests: showTests(tests, Math.max(TESTS_CHARS, CODE_CHARS - code.text.length)),
    paths: likely.map(({ path }) => path),
  };
}

/** What is looked for in the text of files. */
const searched = (names: readonly RequestName[]): string[] => [
  ...new Set(names.filter(({ isOnlyDefined }) => !isOnlyDefined).flatMap(({ needles }) => needles)),
];

/** A function that is asked once for each value. */
function keep<From, To>(ask: (from: From) => To): (from: From) => To {
  const known = new Map<From, To>();
  return (from) => {
    const before = known.get(from);
    if (before !== undefined) return before;
    const made = ask(from);
    known.set(from, made);
    return made;
  };
}

/** What a test's being called like a shown source counts beside the names in it. */
const OWN_FACTOR = 2;

/** Tests of the shown sources by name and place, and those that name what the request names: the likeliest first. */
function testPathsOf(
  sources: readonly string[],
  likely: readonly ReadFile[],
  testsOf: (source: string) => string[],
): readonly string[] {
  const own = new Set(sources.flatMap((source) => testsOf(source)));
  const scores = new Map(likely.filter(({ kind }) => kind === 'test').map(({ path, score }) => [path, score]));
  const valueOf = (path: string): number => (scores.get(path) ?? 0) * (own.has(path) ? OWN_FACTOR : 1);
  // Sorting is stable: own ones that name nothing stay in the order of their sources.
  return [...new Set([...own, ...scores.keys()])].sort((a, b) => valueOf(b) - valueOf(a)).slice(0, TEST_FILES);
}

async function readTests(
  paths: readonly string[],
  {
    ranked,
    worth,
    read,
  }: { ranked: readonly ReadFile[]; worth: readonly number[]; read: (path: string) => Promise<string | null> },
): Promise<TestFile[]> {
  return Promise.all(
    paths.map(async (path) => {
      const known = ranked.find((file) => file.path === path);
      const lines = known?.lines ?? ((await read(path)) ?? '').split('\n');
      const worths = new Map<number, number>();
      for (const [name, used] of known?.exact ?? []) {
        for (const line of used) worths.set(line, (worths.get(line) ?? 0) + (worth[name] ?? 0));
      }
      return { path, lines, worthOfLine: (line: number) => worths.get(line) ?? 0 };
    }),
  );
}
