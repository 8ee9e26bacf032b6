// The net under everything in Markdown that leaves: whatever slipped past `foreign` is made dead here.
import { zeroWidthSpace } from './characters.ts';
import { dropComments } from './foreign.ts';

/** Our marker and, below it, our closing line are written at the top of a text, and nowhere else are they ours. */
const headLines = 4;
const ownMarker = /^<!-- ai-implement:[\w=.:-]+(?: [\w=.:-]+)* -->$/;
const closingLine = /^Closes #\d+$/;

/** Tags that our own texts use; they carry no attributes. */
const foreignTag = /<(?!\/?(?:details|summary|sub|br)>)/g;

const url = /(?:https?|ftp):\/\/[^\s<>`|)\]]+|www\.[^\s<>`|)\]]+/gi;

/**
 * Markdown with every mention, closing keyword, HTML tag and comment, image, and link to other than the allowed places made
 * dead, except inside code. Our marker comments, and `Closes #n` below one, survive in the first four lines. Linear; texts made
 * of `foreign` parts come through as they are.
 * @param allowedLinks base URLs; an address is allowed when it equals one or lies below it.
 */
export function guardMarkdown(text: string, allowedLinks: readonly string[]): string {
  const out: string[] = [];
  let paragraph: string[] = [];
  let fence: string | null = null;
  const flush = () => {
    out.push(...guardLines(paragraph, allowedLinks));
    paragraph = [];
  };
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (fence !== null) {
      out.push(line);
      if (closesFence(line, fence)) fence = null;
    } else if (index < headLines && isOurs(line, lines[index - 1])) {
      flush();
      out.push(line);
    } else {
      fence = fenceOf(line);
      if (fence === null && line.trim() !== '') paragraph.push(line);
      else {
        flush();
        out.push(line);
      }
    }
  }
  flush();
  return out.join('\n');
}

/** The closing line stands below our marker, which nobody else can write: no text of a model closes an issue. */
const isOurs = (line: string, above = ''): boolean =>
  ownMarker.test(line) || (closingLine.test(line) && ownMarker.test(above));

/** The marks that open a code block on this line; null when none does. */
export function fenceOf(line: string): string | null {
  return (
    /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/
      .exec(line)
      ?.slice(1)
      .find((marks) => marks !== undefined) ?? null
  );
}

/** Whether the line ends the code block that these marks opened. */
export function closesFence(line: string, marks: string): boolean {
  const found = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return found !== undefined && found.startsWith(marks);
}

function guardLines(lines: readonly string[], allowedLinks: readonly string[]): readonly string[] {
  const split = lines.map(codeSpans);
  // A line with a stray backtick may make code of text and text of code in its neighbours: then nothing counts as code.
  const trusted = split.every((parts) => parts !== null);
  return lines.map((line, index) => {
    const parts = trusted ? (split[index] ?? [line]) : [line];
    return parts.map((part, at) => (at % 2 === 1 ? part : guardText(part, allowedLinks))).join('');
  });
}

/**
 * The line cut at its code spans: text at even places, spans with their backticks at odd ones. Null when a backtick is
 * left over, or a span holds a cell border, so that other parsers may see other spans.
 */
function codeSpans(line: string): readonly string[] | null {
  const runs = [...line.matchAll(/`+/g)].map((run) => ({ at: run.index, length: run[0].length }));
  const parts: string[] = [];
  let done = 0;
  let open: { readonly at: number; readonly length: number } | null = null;
  for (const run of runs) {
    if (open === null) {
      if (!isEscaped(line, run.at)) open = run;
      else if (run.length > 1) return null;
    } else if (run.length === open.length) {
      const span = line.slice(open.at, run.at + run.length);
      if (/(?<!\\)\|/.test(span)) return null;
      parts.push(line.slice(done, open.at), span);
      done = run.at + run.length;
      open = null;
    }
  }
  return open === null ? [...parts, line.slice(done)] : null;
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0;
  while (line.charAt(at - 1 - slashes) === '\\') slashes++;
  return slashes % 2 === 1;
}

function guardText(text: string, allowedLinks: readonly string[]): string {
  return dropComments(text)
    .replace(foreignTag, '&lt;')
    .replaceAll('![', '[')
    .replace(/\](?=[[:])/g, ']\\')
    .replace(/\]\((?=([^\s)]{0,500}))/g, (open, target: string) => (isAllowed(target, allowedLinks) ? open : ']\\('))
    .replace(url, (address) => (isAllowed(address, allowedLinks) ? address : deadAddress(address)))
    .replace(/@(?=[A-Za-z0-9])/g, `@${zeroWidthSpace}`)
    .replace(
      /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=[\s:]*(?:#\d|GH-\d|https?:|[\w.-]{1,100}\/[\w.-]{1,100}#\d|$))/gi,
      (word) => word + zeroWidthSpace,
    );
}

const deadAddress = (address: string): string => address.replace(/:\/\/|\./, (sign) => zeroWidthSpace + sign);

function isAllowed(address: string, allowedLinks: readonly string[]): boolean {
  // A path that climbs would leave the base once a browser has resolved it.
  if (/\/\.{1,2}(?:[/?#]|$)|%2e/i.test(address)) return false;
  return allowedLinks.some((base) => {
    const root = base.replace(/\/$/, '');
    return root !== '' && address.startsWith(root) && ['', '/', '#', '?'].includes(address.charAt(root.length));
  });
}
