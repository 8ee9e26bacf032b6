// Places whose code is worth showing.
import type { Definition } from './definitions.ts';
import { fitOf, plain } from './name-fit.ts';
import type { RankedFile } from './rank-files.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';
import { blockEnd, WHOLE_FILE, type Place } from './show-code.ts';

/** Places whose code is shown, as far as there is room. */
const PLACES = 5;

/** Definitions that fit the names best or use the most of them, over the first files. */
export function choosePlaces(
  likely: readonly ReadFile[],
  names: readonly RequestName[],
  worth: readonly number[],
): Place[] {
  const sources = likely.filter(({ kind }) => kind === 'source').slice(0, 5);
  const best = sources[0];
  if (best === undefined) return [];
  const fitting = sources.flatMap((file) => {
    const share = file.score / best.score;
    const definitions = longestOfName(file).map((definition) => ({
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
