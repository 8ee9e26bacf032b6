// Places whose code is worth showing.
import { blockEnd } from './block-end.ts';
import type { Definition } from './definitions.ts';
import { fitOf, plain } from './name-fit.ts';
import type { RankedFile } from './rank-files.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';
import { isShort, type Place } from './show-code.ts';

/** Files whose code is looked at, and places that are tried for room: many lie in a file that is shown already. */
const FILES = 6;
const PLACES = 40;
/** A short file is shown whole only when it is nearly as likely as the best one. */
const WHOLE_SHARE = 0.15;
/** Whole files, at most: the fifth is seldom one to change. */
const WHOLES = 4;
/** A definition further behind the best place is shown by its line alone; whole files are chosen by their score. */
const LEAST_SHARE = 0.15;

/** Short files whole and definitions that fit the names best or use the most of them, over the first files; best first. */
export function choosePlaces(
  likely: readonly ReadFile[],
  names: readonly RequestName[],
  worth: readonly number[],
): Place[] {
  const sources = likely.filter(({ kind }) => kind === 'source').slice(0, FILES);
  const best = sources[0];
  if (best === undefined) return [];
  const short = sources.filter(({ lines, score }) => isShort(lines) && score >= best.score * WHOLE_SHARE);
  const wholes = new Set(short.slice(0, WHOLES));
  const fitting = sources.flatMap((file) => {
    const share = file.score / best.score;
    const { path, lines } = file;
    const definitions = longestOfName(file).map(({ line, ...rest }) => ({
      place: { path, lines, line },
      value: valueOf({ line, ...rest }, file, names, worth) * share,
    }));
    if (!wholes.has(file)) return definitions;
    // The whole file comes just before its best definition, which is tried when the whole is too long for the room.
    const value = Math.max(named(file, names) * share, 0.001, ...definitions.map((one) => one.value)) * 1.001;
    return [{ place: { path, lines, line: null }, value }, ...definitions];
  });
  const most = Math.max(...fitting.map(({ value }) => value));
  const strong = fitting
    .filter(({ place, value }) => value > 0 && (place.line === null || value >= most * LEAST_SHARE))
    .sort((a, b) => b.value - a.value);
  return strong.slice(0, PLACES).map(({ place }) => place);
}

/** One definition of each name: overloads and declarations have the name, the longest has the code. */
function longestOfName({ definitions, lines }: ReadFile): Definition[] {
  const longest = new Map<string, { definition: Definition; length: number }>();
  for (const definition of definitions) {
    const length = blockEnd(lines, definition.line) - definition.line;
    const key = `${definition.indent} ${definition.name}`;
    if (length > (longest.get(key)?.length ?? -1)) longest.set(key, { definition, length });
  }
  return [...longest.values()].map(({ definition }) => definition);
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
