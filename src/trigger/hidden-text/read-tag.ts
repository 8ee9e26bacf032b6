// Where HTML tags end, as running text reads them and as blocks of HTML do.

const name = /<[a-z][a-z0-9-]*/iy;
const attribute = /\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?/iy;
const closing = /<\/[a-z][a-z0-9-]*\s*>/iy;
const tagEnd = /\s*\/?>/y;

/** The index behind a tag, or how far was read before it proved to be none. */
export type TagReading = { readonly end: number } | { readonly failedAt: number };

/** Reads a tag as running text may hold it (CommonMark 0.31, 6.6). */
export function readTag(text: string, at: number): TagReading {
  const closed = behind(closing, text, at);
  if (closed !== null) return { end: closed };
  let done = at;
  for (let next = behind(name, text, at); next !== null; next = behind(attribute, text, done)) done = next;
  const end = done === at ? null : behind(tagEnd, text, done);
  return end === null ? { failedAt: done } : { end };
}

/**
 * Index behind a tag as browsers read it in a block of HTML, where quotes after `=` may hold `>`. Null when it is not
 * closed in this text; infinity when a quote is not, since that takes in whatever comes after the block.
 */
export function looseTagEnd(text: string, at: number): number | null {
  let done = at;
  while (done < text.length && text[done] !== '>') {
    done = behind(/[^=>]*(?:=\s*)?/y, text, done) ?? text.length;
    const quote = text[done];
    if (quote !== '"' && quote !== "'") continue;
    const close = text.indexOf(quote, done + 1);
    if (close === -1) return Number.POSITIVE_INFINITY;
    done = close + 1;
  }
  return done < text.length ? done + 1 : null;
}

/** The index behind what a sticky pattern finds here; null when it finds nothing. */
export function behind(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
