// Finds private keys in PEM (RFC 7468), whole or without their end, also with line breaks written as `\n`.
import type { TextRange } from './ranges.ts';

/** An END further away than any real key's belongs to another BEGIN. */
const maxLength = 10_000;

const begin = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:(?:\\[nr]|\s)*[A-Za-z0-9+/=]{32,})*/g;
const end = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;

/** From BEGIN to END; without an END, BEGIN with the coded lines that follow it. In order, none inside another. */
export function findPrivateKeys(text: string): readonly TextRange[] {
  if (!text.includes('-----BEGIN ')) return [];
  const ends = [...text.matchAll(end)].map((found) => ({ at: found.index, to: found.index + found[0].length }));
  const keys: TextRange[] = [];
  let next = 0;
  let done = 0;
  for (const found of text.matchAll(begin)) {
    if (found.index < done) continue;
    while (next < ends.length && (ends[next]?.at ?? 0) < found.index) next++;
    const close = ends[next];
    done = close && close.at - found.index < maxLength ? close.to : found.index + found[0].length;
    keys.push({ from: found.index, to: done });
  }
  return keys;
}
