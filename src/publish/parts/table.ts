// The few Markdown shapes that our texts are made of.
import { zeroWidthSpace } from '../characters.ts';

/** A table. Cells are Markdown on one line; borders inside them are escaped here. No rows give an empty string. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [row(headers), row(headers.map(() => '---')), ...rows.map(row)].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

// A backslash before a border is read in two ways by two parsers, so they are kept apart.
const cell = (text: string): string => text.replace(/\\(?=\|)/g, `\\${zeroWidthSpace}`).replaceAll('|', '\\|');

/** A part that is folded away until it is opened. The title is plain text of ours. */
export const fold = (title: string, body: string): string =>
  body === '' ? '' : `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;

/** A bullet list, at most `max` items; the rest is counted. */
export function bullets(items: readonly string[], max = Infinity): string {
  const rest = items.length - max;
  const lines = items.slice(0, max).map((item) => `- ${item.replaceAll('\n', '\n  ')}`);
  return [...lines, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join('\n');
}

/** A highlighted block, as GitHub draws it. Body is Markdown. */
export const alert = (kind: 'NOTE' | 'WARNING' | 'CAUTION', body: string): string =>
  `> [!${kind}]\n${body
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')}`;

/** Joins what is not empty with blank lines between. */
export const sections = (...parts: readonly (string | null | false)[]): string =>
  parts.filter((part) => part).join('\n\n');
