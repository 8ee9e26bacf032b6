// Finds user and password in addresses (`scheme://user:password@host`).
import type { TextRange } from './ranges.ts';

/** What cannot stand in an address ends it, so that no quote or bracket of code around it is taken along (RFC 3986). */
const credentials = /:\/\/[^\s/@:"<>\\`{}|]{0,100}:[^\s/@"<>\\`{}|]{1,200}@/g;

/** From after the slashes to before the @; in order. */
export function findUrlPasswords(text: string): readonly TextRange[] {
  const found: TextRange[] = [];
  for (let match = credentials.exec(text); match !== null; match = credentials.exec(text)) {
    found.push({ from: match.index + 3, to: credentials.lastIndex - 1 });
  }
  return found;
}
