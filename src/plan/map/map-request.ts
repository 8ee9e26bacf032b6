// The map of a request: likely files with their definitions and uses by line, their tests, and the code of the likeliest.
import type { Git, TreeEntry } from '../../ports.ts';
import { kindOf } from './file-kinds.ts';
import { choosePlaces } from './choose-places.ts';
import { drawFiles } from './draw-files.ts';
import { mentionedPaths } from './mentioned-paths.ts';
import { rankFiles } from './rank-files.ts';
import { scoreFile } from './read-file.ts';
import { requestNames, type Request } from './request-names.ts';
import { showCode } from './show-code.ts';
import { createTestFinder } from './tests-of.ts';

export interface RequestMap {
  /** Likely files, best first; empty when the request names nothing that the commit has. */
  readonly files: string;
  /** Code of the one to three likeliest places; empty when nothing stands out. */
  readonly code: string;
}

/** Files that are read for definitions, and the largest of them: a bound for repositories of any size. */
const READ_FILES = 30;
const MAX_FILE_BYTES = 300_000;
/** About 1,400 tokens. */
const CODE_CHARS = 5_000;
/** A file far behind the best one is no place to look. */
const LEAST_SHARE = 0.12;

/** Deterministic for a commit and a request. Costs nothing for a request without names: no process, no file. */
export async function mapRequest(
  { commit, request, entries }: { commit: string; request: Request; entries: readonly TreeEntry[] },
  git: Pick<Git, 'grep' | 'readFile'>,
): Promise<RequestMap> {
  const names = requestNames(request);
  if (names.length === 0) return { files: '', code: '' };
  const paths = entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path);
  const occurrences = await git.grep(commit, [...new Set(names.flatMap(({ needles }) => needles))]);
  const { files, worth } = rankFiles(paths, names, occurrences, mentionedPaths(request, paths));
  const sizes = new Map(entries.map(({ path, sizeBytes }) => [path, sizeBytes]));
  const small = files.filter(({ path }) => (sizes.get(path) ?? 0) <= MAX_FILE_BYTES).slice(0, READ_FILES);
  const texts = await Promise.all(small.map((file) => git.readFile(commit, file.path)));
  const ranked = small
    .map((file, index) => scoreFile(file, texts[index] ?? '', names, worth))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  const [best] = ranked;
  if (best === undefined) return { files: '', code: '' };
  const likely = ranked.filter(({ score }) => score >= best.score * LEAST_SHARE);
  return {
    files: drawFiles(likely, files, {
      names,
      worth,
      testsOf: createTestFinder(paths.filter((path) => kindOf(path) === 'test')),
    }),
    code: showCode(choosePlaces(likely, names, worth), CODE_CHARS),
  };
}
