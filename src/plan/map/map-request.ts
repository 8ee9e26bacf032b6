// The map of a request: likely files with their definitions and uses by line, the code of the likeliest, and their tests.
import type { Git, TreeEntry } from '../../ports.ts';
import { choosePlaces } from './choose-places.ts';
import { documentsOf } from './draw-document.ts';
import { drawFiles } from './draw-files.ts';
import { kindOf } from './file-kinds.ts';
import { mentionedPaths } from './mentioned-paths.ts';
import { rankFiles } from './rank-files.ts';
import { scoreFile, type ReadFile } from './read-file.ts';
import { readTests } from './read-tests.ts';
import { requestNames, type RequestName } from './request-names.ts';
import type { Request } from './request-text.ts';
import { requestWords } from './request-words.ts';
import { showCode } from './show-code.ts';
import { showTests } from './show-tests.ts';
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
const CODE_CHARS = 9_900;
const TESTS_CHARS = 2_000;
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
  const tests = await readTests({ sources: places.map(({ path }) => path), ranked, worth, words, testsOf }, (path) =>
    git.readFile(commit, path),
  );
  const code = showCode(places, CODE_CHARS - (tests.length > 0 ? TESTS_CHARS : 0));
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
