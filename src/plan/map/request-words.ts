// Words of a request, with the parts of its names: they tell which definitions of a file it is about.
import { isFiller } from './common-words.ts';
import { nameParts, singularOf } from './name-parts.ts';
import { requestText, type Request } from './request-text.ts';

/** Each word in lower case and in the singular, with how much it counts: 1, more where it is said often or in the title. */
export type RequestWords = ReadonlyMap<string, number>;

/** A word that is said often counts at most this much. */
const MOST = 3;
const IN_TITLE = 1;

/** Words of title, instructions, body and comments; fillers are none. */
export function requestWords(request: Request): RequestWords {
  const counts = new Map<string, number>();
  for (const word of wordsOf(requestText(request))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const titled = new Set(wordsOf(request.title));
  return new Map(
    [...counts].map(([word, count]) => [
      word,
      Math.min(MOST, 1 + Math.log2(count) / 2) + (titled.has(word) ? IN_TITLE : 0),
    ]),
  );
}

/** Whether all words of a name are words of the request; false for a name of fillers. */
export function isMadeOf(words: RequestWords, name: string): boolean {
  const parts = wordsOf(name);
  return parts.length > 0 && parts.every((part) => words.has(part));
}

const wordsOf = (text: string): string[] =>
  (text.match(/[A-Za-z_$][\w$-]{1,80}/g) ?? [])
    .flatMap(nameParts)
    .filter((part) => part.length >= 3 && !isFiller(part))
    .map(singularOf);

/**
 * How names or headings of one file fit the words: a word that few of them have counts more, and so does a name that is
 * made of nothing else.
 */
export function createWordFit(words: RequestWords, names: readonly string[]): (name: string) => number {
  const partsOf = (name: string): ReadonlySet<string> => new Set(wordsOf(name));
  const counts = new Map<string, number>();
  const all = new Map(names.map((name) => [name, partsOf(name)]));
  for (const parts of all.values()) for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  return (name) => {
    const parts = [...(all.get(name) ?? partsOf(name))];
    const known = parts.filter((part) => words.has(part));
    const sum = known.reduce(
      (value, part) => value + (words.get(part) ?? 0) * (1 - Math.log(counts.get(part) ?? 1) / Math.log(all.size + 1)),
      0,
    );
    return parts.length === 0 ? 0 : sum * Math.sqrt(known.length / parts.length);
  };
}
