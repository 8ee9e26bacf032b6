// Where an `old_string` lies in a file: three ways to look, from strict to tolerant. A tolerant way is tried only when the
// stricter one finds nothing; none of them guesses by similarity, since a wrong edit costs more than another turn.
import { findIndented } from './find-indented.ts';
import type { Match } from './match.ts';
import { normaliseMapped, normaliseText } from './normalise-text.ts';

export type MatchWay = 'exact' | 'normalised' | 'indentation';

export interface Found {
  readonly way: MatchWay;
  /** In order; they overlap where the text does. Never empty. */
  readonly matches: readonly Match[];
}

/** All places of `oldString` by the strictest way that finds one; null when none does. */
export function findText(source: string, oldString: string, newString: string): Found | null {
  const ways: readonly (readonly [MatchWay, () => readonly Match[]])[] = [
    ['exact', () => findExact(source, oldString, newString)],
    ['normalised', () => findNormalised(source, oldString, newString)],
    ['indentation', () => findIndented(source, oldString, newString)],
  ];
  for (const [way, find] of ways) {
    const matches = find();
    if (matches.length > 0) return { way, matches };
  }
  return null;
}

function findExact(source: string, oldString: string, replacement: string): readonly Match[] {
  return indexesOf(source, oldString).map((start) => ({ start, end: start + oldString.length, replacement }));
}

function findNormalised(source: string, oldString: string, replacement: string): readonly Match[] {
  const needle = normaliseText(oldString);
  const { text, starts, ends } = normaliseMapped(source);
  // Blanks at the end of `oldString` were dropped as trailing ones, which is right only at the end of a line.
  const mustEndLine = /[^\S\r\n]$/.test(oldString);
  return indexesOf(text, needle).flatMap((first) => {
    const last = first + needle.length - 1;
    const next = text[last + 1];
    const start = starts[first];
    const end = ends[last];
    if (start === undefined || end === undefined) return [];
    if (starts[first - 1] === start || ends[last + 1] === end) return [];
    if (mustEndLine && next !== undefined && next !== '\n') return [];
    return [{ start, end, replacement }];
  });
}

function indexesOf(text: string, needle: string): readonly number[] {
  if (needle === '') return [];
  const found: number[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) found.push(at);
  return found;
}
