// Where else the names stand that a change defines anew: callers that the diff does not show.
import type { Git } from '../ports.ts';
import { kindOf } from './map/file-kinds.ts';
import { definitionsIn } from './map/definitions.ts';

/** Names looked up, lines shown in all, of each name, and of a name in a file; files read for them: a glance at who else is concerned. */
const NAMES = 15;
const LINES = 30;
const LINES_OF_NAME = 8;
const LINES_IN_FILE = 2;
const FILES = 25;
const MAX_CHARS = 160;
/** Shorter names stand for too many things. */
const LEAST_LENGTH = 4;

/**
 * Lines `path:line: text` of a commit that use a name which the diff defines, changes or takes away, outside of the files
 * of the diff; sources first. Names are compared as words, with their case.
 * @param diff unified, as git writes it, to `commit`
 */
export async function usesOfChanges(
  commit: string,
  diff: string,
  git: Pick<Git, 'grep' | 'readFile'>,
): Promise<readonly string[]> {
  const files = changedLines(diff);
  const names = namesIn(files);
  if (names.length === 0) return [];
  const found = (await git.grep(commit, names)).filter(
    ({ path, text }) => !files.has(path) && kindOf(path) !== 'noise' && names.includes(text),
  );
  const isAside = (path: string): number => Number(kindOf(path) !== 'source');
  const paths = [...new Set(found.map(({ path }) => path))].sort((a, b) => isAside(a) - isAside(b)).slice(0, FILES);
  const texts = await Promise.all(paths.map(async (path) => ((await git.readFile(commit, path)) ?? '').split('\n')));
  const lines = new Map(paths.map((path, index) => [path, texts[index] ?? []]));
  const uses = paths.flatMap((path) =>
    found
      .filter((one) => one.path === path)
      .map(({ line, text: name }) => ({ path, line, name, text: (lines.get(path)?.[line - 1] ?? '').trim() }))
      .filter(({ name, text }) => isWord(name, text)),
  );
  const kept = withinEach(uses, ({ path, name }) => `${path} ${name}`, LINES_IN_FILE);
  const shown = withinEach(kept, ({ name }) => name, LINES_OF_NAME);
  return [...new Set(shown.map(({ path, line, text }) => `${path}:${line}: ${text.slice(0, MAX_CHARS)}`))].slice(
    0,
    LINES,
  );
}

/** At most `most` of those that have the same key, the first ones. */
function withinEach<T>(all: readonly T[], keyOf: (one: T) => string, most: number): T[] {
  const counts = new Map<string, number>();
  return all.filter((one) => {
    const count = (counts.get(keyOf(one)) ?? 0) + 1;
    counts.set(keyOf(one), count);
    return count <= most;
  });
}

const isWord = (name: string, text: string): boolean => text.split(/[^\w$]+/).includes(name);

/** Lines of a diff by the path in the new commit: those that change first, then what stands around them. */
function changedLines(diff: string): ReadonlyMap<string, readonly string[]> {
  const files = diff.split(/^(?=diff --git )/m).flatMap((text): [string, string[]][] => {
    const path = /^diff --git .* "?b\/(.+?)"?$/m.exec(text)?.[1];
    const start = text.search(/^@@ /m);
    if (path === undefined || start < 0) return [];
    const hunks = text.slice(start).split('\n');
    const changed = hunks.filter((line) => /^[+-]/.test(line)).map((line) => line.slice(1));
    // A body changes under the head of its function, which stands above it, or further up where git names it.
    const around = hunks.flatMap(
      (line) => /^@@ .* @@ (.*)$/.exec(line)?.[1] ?? (line.startsWith(' ') ? line.slice(1) : []),
    );
    return [[path, [...changed, ...around]]];
  });
  return new Map(files);
}

/** Names that sources define in these lines; of tests nobody else uses any. */
function namesIn(files: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const names = [...files]
    .filter(([path]) => kindOf(path) === 'source')
    .flatMap(([path, lines]) => definitionsIn(path, lines).map(({ name }) => name));
  return [...new Set(names)].filter((name) => name.length >= LEAST_LENGTH).slice(0, NAMES);
}
