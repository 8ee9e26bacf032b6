// How the blocks of CommonMark begin, and how those of HTML and fenced code end.
import { matchHere, type LineReader } from './line-reader.ts';

export interface Fence {
  readonly mark: string;
  readonly length: number;
  /** Index at which the rest of the line begins. */
  readonly infoStart: number;
}

/** Opening marks of fenced code at the next character; null when there are none. */
export function fenceAt(line: LineReader): Fence | null {
  const marks = matchHere(/`{3,}|~{3,}/y, line)?.[0];
  if (marks === undefined) return null;
  const infoStart = line.at + marks.length;
  const mark = marks.charAt(0);
  // With backticks behind it, it is a span of code.
  if (mark === '`' && line.text.slice(infoStart, line.end).includes(mark)) return null;
  return { mark, length: marks.length, infoStart };
}

/** True when the rest of the line closes the fence. */
export function closesFence({ mark, length }: Fence, line: LineReader): boolean {
  const marks = matchHere(/(?:`+|~+)(?=[ \t]*(?:\n|$))/y, line)?.[0];
  return marks !== undefined && marks.startsWith(mark) && marks.length >= length;
}

export const isHeading = (line: LineReader): boolean => matchHere(/#{1,6}(?=[ \t\n]|$)/y, line) !== null;

export const isUnderline = (line: LineReader): boolean => matchHere(/(?:=+|-+)(?=[ \t]*(?:\n|$))/y, line) !== null;

export const isRule = (line: LineReader): boolean =>
  matchHere(/(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})(?=\n|$)/y, line) !== null;

/** The mark of a list item: `-`, `12.`; null when there is none. */
export function itemMarkAt(line: LineReader): string | null {
  return matchHere(/(?:[*+-]|\d{1,9}[.)])(?=[ \t\n]|$)/y, line)?.[0] ?? null;
}

/** A footnote's mark with its label; null when there is none. */
export function footnoteAt(line: LineReader): { readonly mark: string; readonly label: string } | null {
  const found = matchHere(/\[\^([^\]\s]{1,999})\]:/y, line);
  return found === null ? null : { mark: found[0], label: found[1] ?? '' };
}

const blockTags =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|source|summary|table|tbody|td|template|tfoot|th|thead|title|tr|track|ul';

/** Kinds of HTML blocks (CommonMark 0.31, 4.6): how each begins and what a line holds that ends it; null: a blank line does. */
const htmlKinds: readonly { readonly start: RegExp; readonly end: RegExp | null }[] = [
  { start: /<(?:script|pre|style|textarea)(?=[\s>]|$)/iy, end: /<\/(?:script|pre|style|textarea)>/i },
  { start: /<!--/y, end: /-->/ },
  { start: /<\?/y, end: /\?>/ },
  { start: /<![a-z]/iy, end: />/ },
  { start: /<!\[CDATA\[/y, end: /\]\]>/ },
  { start: new RegExp(`</?(?:${blockTags})(?=\\s|/?>|$)`, 'iy'), end: null },
];

const attribute = String.raw`[ \t]+[a-z_:][\w.:-]*(?:[ \t]*=[ \t]*(?:[^\s"'=<>${'`'}]+|'[^'\n]*'|"[^"\n]*"))?`;
/** A whole tag alone on its line begins one as well, but not in the middle of a paragraph. */
const loneTag = new RegExp(
  `<(?:[a-z][a-z0-9-]*(?:${attribute})*[ \\t]*/?|/[a-z][a-z0-9-]*[ \\t]*)>(?=[ \\t]*(?:\\n|$))`,
  'iy',
);

export interface HtmlStart {
  /** Null: the block ends before a blank line. */
  readonly end: RegExp | null;
}

/** How the HTML block ends that begins at the next character; null when none does. */
export function htmlAt(line: LineReader, inParagraph: boolean): HtmlStart | null {
  if (line.text[line.at] !== '<') return null;
  const kind = htmlKinds.find(({ start }) => matchHere(start, line) !== null);
  if (kind !== undefined) return { end: kind.end };
  return !inParagraph && matchHere(loneTag, line) !== null ? { end: null } : null;
}
