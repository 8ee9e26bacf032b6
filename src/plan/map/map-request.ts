// The map of a request: likely files with their definitions and uses by line, their tests, and the code of the likeliest.
import type { Git, TreeEntry } from '../../ports.ts';
import { definitionsIn, shownLine, type Definition } from './definitions.ts';
import { kindOf } from './file-kinds.ts';
import { mentionedPaths } from './mentioned-paths.ts';
import { fitOf, kindFactor, plain, rankFiles, type RankedFile } from './rank-files.ts';
import { requestNames, type Request, type RequestName } from './request-names.ts';
import { blockEnd, showCode, WHOLE_FILE, type Place } from './show-code.ts';
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
/** Files shown with lines, and by name only; lines of each. More cost tokens in every turn of every agent. */
const DETAILED = 8;
const NAMED = 12;
const LINES_OF_FIRST = 14;
const LINES_OF_OTHERS = 6;
/** About 1,000 and 1,400 tokens. */
const MAP_CHARS = 3_600;
const CODE_CHARS = 5_000;
/** A file far behind the best one is no place to look. */
const LEAST_SHARE = 0.12;
/** Places whose code is shown, as far as there is room. */
const PLACES = 5;
/** What a definition of a name adds to a file, against 1 for a use of it. */
const DEFINED = 3;
/** What a use is worth less where the name is only part of other words. */
const IN_A_WORD = 0.6;
/** Lines that name something without telling what it does. */
const TELLS_LITTLE = /^\s*(import\b|export\s*(\*|\{)|from\b|use\b|#include|\*|\/\/|#)/;

interface ReadFile extends RankedFile {
  readonly lines: readonly string[];
  readonly definitions: readonly Definition[];
  /** Lines on which each name stands as a whole word. */
  readonly exact: ReadonlyMap<number, ReadonlySet<number>>;
}

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
  const read = await Promise.all(small.map(async (file) => withText(file, await git.readFile(commit, file.path))));
  const ranked = read
    .map((file) => withDefinitions(file, names, worth))
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
    code: showCode(placesOf(likely, names, worth), CODE_CHARS),
  };
}

function withText(file: RankedFile, content: string | null): ReadFile {
  const lines = (content ?? '').replace(/\n$/, '').split(/\r?\n/);
  return { ...file, lines, definitions: definitionsIn(file.path, lines), exact: new Map() };
}

/** With its definitions, and with the lines that hold a name as a whole word, the score says more. */
function withDefinitions(file: ReadFile, names: readonly RequestName[], worth: readonly number[]): ReadFile {
  const exact = new Map([...file.uses].map(([name, lines]) => [name, linesWithWord(file, names[name], lines)]));
  let score = file.score;
  for (const [index, name] of names.entries()) {
    const value = worth[index] ?? 0;
    if ((file.uses.get(index)?.length ?? 0) > 0 && exact.get(index)?.size === 0)
      score -= value * IN_A_WORD * kindFactor(file);
    if (file.kind === 'source') score += value * DEFINED * bestFit(file.definitions, name);
  }
  return { ...file, exact, score };
}

function linesWithWord(file: ReadFile, name: RequestName | undefined, lines: readonly number[]): ReadonlySet<number> {
  const wanted = new Set((name?.needles ?? []).map(plain));
  const phrase = name?.needles.find((needle) => /[ .]/.test(needle));
  const holds = (line: string): boolean =>
    phrase === undefined
      ? (line.match(/[A-Za-z_$][\w$-]*/g) ?? []).some((word) => wanted.has(plain(word)))
      : line.toLowerCase().includes(phrase);
  return new Set(lines.filter((line) => holds(file.lines[line - 1] ?? '')));
}

const bestFit = (definitions: readonly Definition[], name: RequestName): number =>
  definitions.reduce((best, definition) => Math.max(best, fitOf(definition, name)), 0);

interface DrawContext {
  readonly names: readonly RequestName[];
  readonly worth: readonly number[];
  readonly testsOf: (source: string) => string[];
}

function drawFiles(likely: readonly ReadFile[], all: readonly RankedFile[], context: DrawContext): string {
  const sources = likely.filter(({ kind }) => kind === 'source');
  const detailed = (sources.length > 0 ? sources : likely).slice(0, DETAILED);
  const blocks: string[] = [];
  let left = MAP_CHARS;
  for (const [index, file] of detailed.entries()) {
    const block = drawFile(file, index < 3 ? LINES_OF_FIRST : LINES_OF_OTHERS, context);
    if (block.length > left) break;
    left -= block.length + 1;
    blocks.push(block);
  }
  const shown = new Set(detailed.slice(0, blocks.length).map(({ path }) => path));
  const rest = all.filter(({ path }) => !shown.has(path));
  return [
    ...blocks,
    ...namedOnly('Tests that name it', rest.filter(({ kind }) => kind === 'test').slice(0, 5)),
    ...namedOnly('Also', rest.filter(({ kind }) => kind !== 'test').slice(0, NAMED)),
  ].join('\n');
}

/** One line of paths, each with the number of lines that hold a name. */
function namedOnly(title: string, files: readonly RankedFile[]): string[] {
  if (files.length === 0) return [];
  const linesOf = ({ uses }: RankedFile): number => new Set([...uses.values()].flat()).size;
  return [`${title}: ${files.map((file) => `${file.path} (${linesOf(file)})`).join(', ')}`];
}

function drawFile(file: ReadFile, most: number, context: DrawContext): string {
  const tests = context.testsOf(file.path);
  const head = `${file.path} (${file.lines.length} lines${tests.length === 0 ? '' : `; tests: ${tests.join(', ')}`})`;
  return [head, ...outline(file, most, context).map(({ line, text }) => `  ${line}: ${text}`)].join('\n');
}

/** Definitions that fit a name, then lines that use one, then what else is defined: the best `most`, in order of lines. */
function outline(file: ReadFile, most: number, { names, worth }: DrawContext): { line: number; text: string }[] {
  const chosen = new Map<number, { line: number; text: string; value: number }>();
  const add = (line: number, text: string, value: number): void => {
    if (value > (chosen.get(line)?.value ?? -1)) chosen.set(line, { line, text, value });
  };
  for (const definition of file.definitions) {
    const fit = Math.max(0, ...names.map((name, index) => fitOf(definition, name) * (worth[index] ?? 0)));
    add(definition.line, definition.text, fit > 0 ? 2 * fit : definition.indent === 0 ? 0.02 : 0.01);
  }
  for (const [name, lines] of file.uses) {
    // The first uses tell where a name comes in; the tenth tells nothing new.
    for (const [nth, line] of lines.entries()) {
      const text = shownLine(file.lines[line - 1] ?? '');
      const telling = (file.exact.get(name)?.has(line) === true ? 1 : 0.3) * (TELLS_LITTLE.test(text) ? 0.3 : 1);
      if (text.length > 2) add(line, text, ((worth[name] ?? 0) * telling) / (1 + nth / 2));
    }
  }
  const best = [...chosen.values()].sort((a, b) => b.value - a.value || a.line - b.line).slice(0, most);
  return best.sort((a, b) => a.line - b.line);
}

/** Definitions that fit the names best or use the most of them, over the first files. */
function placesOf(likely: readonly ReadFile[], names: readonly RequestName[], worth: readonly number[]): Place[] {
  const sources = likely.filter(({ kind }) => kind === 'source').slice(0, 5);
  const best = sources[0];
  if (best === undefined) return [];
  const fitting = sources.flatMap((file) => {
    const share = file.score / best.score;
    const definitions = file.definitions.map((definition) => ({
      place: { path: file.path, lines: file.lines, line: definition.line },
      value: valueOf(definition, file, names, worth) * share,
    }));
    // A small file called by a name of the request is an example of its kind, whatever is defined in it.
    const called = file.lines.length <= WHOLE_FILE ? named(file, names) : 0;
    return [{ place: { path: file.path, lines: file.lines, line: 1 }, value: called * share }, ...definitions];
  });
  const strong = fitting.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
  return strong.slice(0, PLACES).map(({ place }) => place);
}

/** Weight of the name that the file is called by; 0 for none. */
function named({ path }: RankedFile, names: readonly RequestName[]): number {
  const own = plain(path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, ''));
  return Math.max(0, ...names.filter(({ needles }) => needles.map(plain).includes(own)).map(({ weight }) => weight));
}

/** What speaks for a definition: the names it fits, and the names used inside it. */
function valueOf(
  definition: Definition,
  file: ReadFile,
  names: readonly RequestName[],
  worth: readonly number[],
): number {
  const fit = Math.max(0, ...names.map((name, index) => fitOf(definition, name) * (worth[index] ?? 0)));
  const end = Math.min(definition.line + 60, blockEnd(file.lines, definition.line) + 1);
  const inside = [...file.uses].reduce(
    (sum, [name, lines]) =>
      sum + (lines.some((line) => line >= definition.line && line < end) ? (worth[name] ?? 0) : 0),
    0,
  );
  return fit + inside;
}
