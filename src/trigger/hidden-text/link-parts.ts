// The parts of Markdown links: addresses, titles and labels (CommonMark 0.31, 4.7 and 6.3).
import type { Range } from './cuts.ts';
import { behind } from './read-tag.ts';

/** What stands behind the text of a link. */
export interface LinkTail {
  readonly address: Range;
  /** With its quotes or brackets; null for none. */
  readonly title: Range | null;
  readonly end: number;
}

/** More open brackets in an address, and it is none: as GitHub's parser has it, and so that reading stays linear. */
const maxBrackets = 32;

/** `(address "title")` at an opening bracket; null when there is none. */
export function linkTailAt(text: string, at: number): LinkTail | null {
  const start = behind(/\(\s*/y, text, at);
  if (start === null) return null;
  const address = addressAt(text, start) ?? { start, end: start };
  const title = titleBehind(text, address.end);
  const end = behind(/\s*\)/y, text, title?.end ?? address.end);
  return end === null ? null : { address, title, end };
}

/** An address, in angle brackets or bare; null when there is none. A bare one is never empty. */
export function addressAt(text: string, at: number): Range | null {
  if (text[at] === '<') {
    const end = behind(/<[^<>\n\\]*(?:\\[^\n][^<>\n\\]*)*>/y, text, at);
    return end === null ? null : { start: at, end };
  }
  let depth = 0;
  let end = at;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code <= 0x20 || code === 0x7f) break;
    const sign = text[end];
    if (sign === '\\' && /[!-/:-@[-`{-~]/.test(text[end + 1] ?? '')) end += 1;
    else if (sign === '(' && (depth += 1) > maxBrackets) return null;
    else if (sign === ')' && (depth -= 1) < 0) break;
  }
  return depth > 0 || end === at ? null : { start: at, end };
}

const title = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*'|\([^()\\]*(?:\\[\s\S][^()\\]*)*\)/y;

/** A title behind at least one blank. */
export function titleBehind(text: string, at: number): Range | null {
  const start = behind(/\s+/y, text, at);
  const end = start === null ? null : behind(title, text, start);
  return start === null || end === null ? null : { start, end };
}

/** The label in brackets here, as it is compared; null when there is none. */
export function labelAt(text: string, at: number): { readonly label: string; readonly end: number } | null {
  const end = behind(/\[(?:[^\\[\]]|\\[\s\S]){1,999}\]/y, text, at);
  return end === null ? null : { label: normalLabel(text.slice(at + 1, end - 1)), end };
}

/** Labels are the same whatever their case and blanks. */
export const normalLabel = (label: string): string => label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase();
