// Which tests belong to the likely places, read.
import type { ReadFile } from './read-file.ts';
import { createWordFit, type RequestWords } from './request-words.ts';
import type { TestFile } from './show-tests.ts';
import { testHeadings, type TestHeading } from './test-headings.ts';

/** Test files of which something is shown, and those that are read for them: some have no tests that can be named. */
const TEST_FILES = 3;
const CANDIDATES = 5;
/** Of what a name counts, what a word of the request does in a heading. */
const WORD = 0.25;
/** A test far behind the best one is not where the next belongs. */
const LEAST_SHARE = 0.5;
/** What a test's being called like a shown source counts beside the names in it. */
const OWN_FACTOR = 2;

export interface TestsWanted {
  /** Paths of sources whose code is shown. */
  readonly sources: readonly string[];
  /** Files that were read, best first. */
  readonly ranked: readonly ReadFile[];
  /** Worth of each name. */
  readonly worth: readonly number[];
  readonly words: RequestWords;
  readonly testsOf: (source: string) => readonly string[];
}

/** Tests of the sources by name and place, and those that name what the request names: the likeliest first. */
export async function readTests(
  wanted: TestsWanted,
  read: (path: string) => Promise<string | null>,
): Promise<TestFile[]> {
  const files = await Promise.all(
    testPaths(wanted).map(async (path) => {
      const known = wanted.ranked.find((file) => file.path === path);
      const lines = known?.lines ?? ((await read(path)) ?? '').split('\n');
      const headings = testHeadings(path, lines);
      return { path, lines, headings, worthOfLine: worthsOf(known, headings, wanted) };
    }),
  );
  return files.filter(({ headings }) => headings.length > 0).slice(0, TEST_FILES);
}

function testPaths({ sources, ranked, testsOf }: TestsWanted): readonly string[] {
  const own = new Set(sources.flatMap((source) => testsOf(source)));
  const tests = ranked.filter(({ kind }) => kind === 'test');
  const least = (tests[0]?.score ?? 0) * LEAST_SHARE;
  const scores = new Map(tests.filter(({ score }) => score >= least).map(({ path, score }) => [path, score]));
  const valueOf = (path: string): number => (scores.get(path) ?? 0) * (own.has(path) ? OWN_FACTOR : 1);
  // Sorting is stable: own ones that name nothing stay in the order of their sources.
  return [...new Set([...own, ...scores.keys()])].sort((a, b) => valueOf(b) - valueOf(a)).slice(0, CANDIDATES);
}

/** Worth of the names on a line, and of the words in a heading. */
function worthsOf(
  file: ReadFile | undefined,
  headings: readonly TestHeading[],
  { worth, words }: TestsWanted,
): (line: number) => number {
  const wordFit = createWordFit(
    words,
    headings.map(({ text }) => text),
  );
  const worths = new Map(headings.map(({ line, text }) => [line, WORD * wordFit(text)]));
  for (const [name, used] of file?.exact ?? []) {
    for (const line of used) worths.set(line, (worths.get(line) ?? 0) + (worth[name] ?? 0));
  }
  return (line) => worths.get(line) ?? 0;
}
