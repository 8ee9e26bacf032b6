// Of the lines in which a changed name stands, those that tell a reviewer most.
import { definitionOn, isComment, untab } from './changed-names.ts';
import { kindOf } from './map/file-kinds.ts';

const LINES_OF_NAME = 8;
const LINES_IN_FILE = 4;
/** A name used in more lines is a word of the language that the project speaks: a few of them show nothing. */
const COMMON = 60;

export interface Use {
  readonly path: string;
  readonly line: number;
  readonly name: string;
  /** The line, with its indentation. */
  readonly text: string;
}

/** 1 for examples, scripts and their like, which come after the sources. */
export const asideOf = (path: string): number => Number(kindOf(path) !== 'source');

/** Rare names first; of each name the lines that tell most. */
export function chooseUses(uses: readonly Use[]): readonly Use[] {
  const byName = new Map<string, Use[]>();
  for (const use of uses) byName.set(use.name, [...(byName.get(use.name) ?? []), use]);
  const rare = [...byName.values()].filter(({ length }) => length <= COMMON).sort((a, b) => a.length - b.length);
  return rare.flatMap((all) => withinEach(telling(all), LINES_IN_FILE).slice(0, LINES_OF_NAME)).toSorted(sourcesFirst);
}

const sourcesFirst = (a: Use, b: Use): number => asideOf(a.path) - asideOf(b.path);

/**
 * Calls and members, then imports. Where there are any, what else bears the name is mostly a variable or a parameter of
 * its own; where there are none, it is all that is known.
 */
function telling(uses: readonly Use[]): readonly Use[] {
  const calls = uses.filter(isCall);
  const others = uses.filter((use) => !isCall(use) && (calls.length === 0 || IMPORT.test(use.text)));
  return [...calls, ...others].toSorted(sourcesFirst);
}

const IMPORT = /^\s*(?:import|export|from|use|using)\b|\brequire\(/;

/** `name(`, `.name`, `->name`, `::name`, `name::` or `new name`. */
function isCall({ name, text }: Use): boolean {
  const word = `(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`;
  return new RegExp(`(?:\\.|->|::|\\bnew )${word}|${word}(?:<[\\w, ]+>)?(?:\\(|::)`).test(text);
}

/** At most `most` of each file, the first ones. */
function withinEach(uses: readonly Use[], most: number): readonly Use[] {
  const counts = new Map<string, number>();
  return uses.filter(({ path }) => {
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    return count <= most;
  });
}

/** The name stands in code as a word, and is not defined there (in a declaration file, every line defines). */
export function isUse({ path, name, text }: Use): boolean {
  if (isComment(text) || definitionOn(path, untab(text))?.name === name) return false;
  if (/\.d\.[cm]?ts$/.test(path) && text.trim().startsWith(name)) return false;
  // Sentences in strings, and what follows the code of the line.
  const code = text
    .replace(/(["'])(?:\\.|(?!\1).)*\1/g, (literal) => (literal.includes(' ') ? '' : literal))
    .replace(/\s\/\/ .*$/, '');
  return code.split(/[^\w$]+/).includes(name);
}
