// Math that takes room and is not drawn, or is drawn in the colour of the page: `\phantom{words}`.
import { cutOf, type Cut } from './cuts.ts';
import { behind } from './read-tag.ts';

const phantom =
  /\\(?:[hv]?phantom|(?:text)?color\s{0,9}\{\s{0,9}(?:white|transparent|none|#f{3,8})\s{0,9}\})\s{0,9}\{/iy;

/** The cut of a phantom that begins at a backslash; null when none does. One that is not closed goes to the end. */
export function cutPhantoms(text: string, at: number): Cut | null {
  const start = behind(phantom, text, at);
  if (start === null) return null;
  let depth = 1;
  let end = start;
  for (; end < text.length && depth > 0; end += 1) {
    const sign = text[end];
    if (sign === '\\') end += 1;
    else if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
  }
  return cutOf('math that is not drawn', text, { start: at, end: Math.min(end, text.length) });
}
