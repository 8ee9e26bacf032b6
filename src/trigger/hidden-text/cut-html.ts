// What a page does not show of HTML: comments, declarations, attributes, and all that an open one of them swallows.
import { cutOf, type Cut } from './cuts.ts';
import { cutTag } from './cut-tag.ts';
import { behind, looseTagEnd } from './read-tag.ts';

/** What was found at a `<`: where reading goes on, and what is cut. */
export interface HtmlFound {
  readonly end: number;
  readonly cut: Cut | null;
}

/** Searches from left to right for ends; what was not found once is not searched again, so that it stays linear. */
export function seekIn(text: string): (end: string, from: number) => number | null {
  const missing = new Set<string>();
  return (end, from) => {
    const at = missing.has(end) ? -1 : text.indexOf(end, from);
    if (at === -1) missing.add(end);
    return at === -1 ? null : at + end.length;
  };
}

type Seek = ReturnType<typeof seekIn>;

/** The cuts of a block of HTML. What is left open at its end swallows all that follows, whatever that is. */
export function cutHtml(text: string): readonly Cut[] {
  const cuts: Cut[] = [];
  const seek = seekIn(text);
  for (let at = text.indexOf('<'); at !== -1;) {
    const found = commentAt(text, at, seek) ?? declarationAt(text, at, seek) ?? looseTagAt(text, at);
    if (found?.cut) cuts.push(found.cut);
    at = text.indexOf('<', found?.end ?? at + 1);
  }
  return cuts;
}

/** A comment; one that is not closed here goes on without end. */
export function commentAt(text: string, at: number, seek: Seek): HtmlFound | null {
  if (!text.startsWith('<!--', at)) return null;
  const end = behind(/<!---?>/y, text, at) ?? seek('-->', at + 4) ?? Number.POSITIVE_INFINITY;
  return { end: Math.min(end, text.length), cut: cutOf('HTML comment', text, { start: at, end }) };
}

/** `<!X ...>`, `<?...?>`, `<![CDATA[...]]>`. */
export function declarationAt(text: string, at: number, seek: Seek): HtmlFound | null {
  const kind = /<(?:\?|!\[CDATA\[|![a-z])/iy;
  if (behind(kind, text, at) === null) return null;
  const sign = text[at + 1] === '?' ? '?>' : text[at + 2] === '[' ? ']]>' : '>';
  const end = seek(sign, at + 2);
  return end === null ? null : { end, cut: cutOf('HTML declaration', text, { start: at, end }) };
}

/** A tag, or what browsers read as a comment because it is none. */
function looseTagAt(text: string, at: number): HtmlFound | null {
  if (behind(/<\/?[a-z]/iy, text, at) === null) {
    if (behind(/<(?:[!?]|\/[^>])/y, text, at) === null) return null;
    const close = text.indexOf('>', at) + 1;
    const end = close === 0 ? Number.POSITIVE_INFINITY : close;
    return { end: Math.min(end, text.length), cut: cutOf('HTML declaration', text, { start: at, end }) };
  }
  const end = looseTagEnd(text, at);
  if (end !== null && end <= text.length) return { end, cut: cutTag(text, at, end) };
  return { end: text.length, cut: cutOf('HTML left open', text, { start: at, end: end ?? text.length }) };
}
