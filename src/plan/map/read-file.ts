// A likely file, read: its text says more than the search did.
import { definitionsIn, type Definition } from './definitions.ts';
import { fitOf, plain } from './name-fit.ts';
import { createNameFinder, kindFactor, type RankedFile } from './rank-files.ts';
import type { RequestName } from './request-names.ts';

/** What a definition of a name adds to a file, against 1 for a use of it. */
const DEFINED = 3;
/** What a use is worth less where the name is only part of other words. */
const IN_A_WORD = 0.6;
/** The search stops after so many lines of a file (adapters/git-list.ts): the end of a long one is still to be searched. */
const SEARCHED_LINES = 100;

export interface ReadFile extends RankedFile {
  readonly lines: readonly string[];
  readonly definitions: readonly Definition[];
  /** Lines on which each name stands as a whole word. */
  readonly exact: ReadonlyMap<number, ReadonlySet<number>>;
}

/** With its definitions, and with the lines that hold a name as a whole word, the score says more. */
export function scoreFile(
  file: RankedFile,
  content: string,
  names: readonly RequestName[],
  worth: readonly number[],
): ReadFile {
  const lines = content.replace(/\n$/, '').split(/\r?\n/);
  const definitions = definitionsIn(file.path, lines);
  const uses = file.kind === 'source' && isCut(file) ? usesIn(lines, names) : file.uses;
  const exact = new Map([...uses].map(([name, used]) => [name, linesWithWord(lines, names[name], used)]));
  let score = file.score;
  for (const [index, name] of names.entries()) {
    const value = worth[index] ?? 0;
    if ((file.uses.get(index)?.length ?? 0) > 0 && exact.get(index)?.size === 0)
      score -= value * IN_A_WORD * kindFactor(file);
    if (file.kind === 'source') score += value * DEFINED * bestFit(definitions, name);
  }
  return { ...file, uses, lines, definitions, exact, score };
}

const isCut = ({ uses }: RankedFile): boolean => new Set([...uses.values()].flat()).size >= SEARCHED_LINES;

/** Lines of each name in the whole text, as the search would find them. */
function usesIn(lines: readonly string[], names: readonly RequestName[]): ReadonlyMap<number, readonly number[]> {
  const needles = names.filter(({ isOnlyDefined }) => !isOnlyDefined).flatMap((name) => name.needles);
  const pattern = [...new Set(needles)]
    .sort((a, b) => b.length - a.length)
    .map((needle) => {
      const literal = needle.replace(/[^\w ]/g, '\\$&');
      return needle.length > SHORT ? literal : `(?<!\\w)${literal}(?!\\w)`;
    });
  const any = new RegExp(pattern.join('|'), 'gi');
  const namesIn = createNameFinder(names);
  const uses = new Map<number, number[]>();
  for (const [index, line] of lines.entries()) {
    const found = new Set((line.match(any) ?? []).flatMap(namesIn));
    for (const name of found) {
      const known = uses.get(name);
      if (known === undefined) uses.set(name, [index + 1]);
      else known.push(index + 1);
    }
  }
  return uses;
}

/** Needles up to this length are searched for as whole words. */
const SHORT = 4;

function linesWithWord(
  lines: readonly string[],
  name: RequestName | undefined,
  used: readonly number[],
): ReadonlySet<number> {
  const wanted = new Set((name?.needles ?? []).map(plain));
  const phrases = (name?.needles ?? []).filter((needle) => /[^\w$-]/.test(needle));
  const holds = (line: string): boolean =>
    phrases.length === 0
      ? (line.match(/[A-Za-z_$][\w$-]*/g) ?? []).some((word) => wanted.has(plain(word)))
      : phrases.some((phrase) => line.toLowerCase().includes(phrase));
  return new Set(used.filter((line) => holds(lines[line - 1] ?? '')));
}

const bestFit = (definitions: readonly Definition[], name: RequestName): number =>
  definitions.reduce((best, definition) => Math.max(best, fitOf(definition, name)), 0);
