// Text that we did not write (titles, test names, claims, decisions, reasons), made fit to stand inside Markdown of ours.
import { cut, dropControls, dropInvisible, zeroWidthSpace } from './characters.ts';

/** Up to what may end a sentence: that is no part of the address. */
const url = /(?:(?:https?|ftp):\/\/|www\.)[^\s<>"'`]*[^\s<>"'`.,;:!?()[\]]/gi;

/**
 * One line of foreign text, shown literally: no markup, link, image, mention, issue reference or closing keyword in it
 * works. Addresses are shown as code. Safe in paragraphs, list items, headings and, through `table`, in cells.
 * @param maxLength of the text before escaping; longer text ends in an ellipsis.
 */
export function foreign(text: string, maxLength = 300): string {
  return escapeLineStart(escapeText(oneLine(dropComments(text), maxLength)));
}

/** Text of a line or paragraph, escaped, its addresses as code. What acts only at the start of a line is left alone. */
export function escapeText(text: string): string {
  let out = '';
  let done = 0;
  for (const found of text.matchAll(url)) {
    out += escapeInline(text.slice(done, found.index)) + code(found[0]);
    done = found.index + found[0].length;
  }
  return out + escapeInline(text.slice(done));
}

/** Foreign text as a code span on one line: paths, branches, commands. Empty text gives an empty string. */
export function code(text: string, maxLength = 200): string {
  const line = oneLine(text, maxLength);
  if (line === '') return '';
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Foreign text where no Markdown is read (a pull request's title, a commit subject): mentions and references broken. */
export const foreignTitle = (text: string, maxLength = 200): string => breakReferences(oneLine(text, maxLength));

/** Collapses white space to single spaces, removes what is not seen, cuts. */
export function oneLine(text: string, maxLength: number): string {
  // Cut first, generously: the rest would never be shown, and need not be worked on.
  const start = text.slice(0, maxLength * 4 + 1000);
  return cut(dropInvisible(dropControls(start)).replace(/\s+/g, ' ').trim(), maxLength);
}

/** Backslashes or entities before whatever Markdown, HTML or GitHub would act on inside a line. */
function escapeInline(text: string): string {
  const escaped = text
    .replace(/[\\`*_~[\]$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
  return breakReferences(escaped);
}

/** Escapes what would start a heading, list, quote, rule, table or fence at the beginning of a line. */
export const escapeLineStart = (text: string): string =>
  text.replace(/^\s*[-+#=:|]/, escapeLast).replace(/^\s*\d{1,9}[.)]/, escapeLast);

const escapeLast = (start: string): string => `${start.slice(0, -1)}\\${start.slice(-1)}`;

/** `@name`, `#12`, `GH-12` and closing keywords, kept readable and made dead. */
export function breakReferences(text: string): string {
  return text
    .replace(/@(?=[A-Za-z0-9])/g, `@${zeroWidthSpace}`)
    .replace(/#(?=\d)/g, `#${zeroWidthSpace}`)
    .replace(/\bGH-(?=\d)/gi, (gh) => gh + zeroWidthSpace)
    .replace(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=[\s:]+https?:)/gi, (word) => word + zeroWidthSpace);
}

/** Removes HTML comments; one that is never closed stays, to be seen once it is escaped. Linear. */
export function dropComments(text: string): string {
  let out = '';
  let from = 0;
  for (let at = text.indexOf('<!--'); at !== -1; at = text.indexOf('<!--', from)) {
    out += text.slice(from, at);
    const end = text.indexOf('-->', at + 4);
    if (end === -1) return out + text.slice(at);
    from = end + 3;
  }
  return out + text.slice(from);
}
