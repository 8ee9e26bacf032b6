// Quotes, list items and footnotes: where they begin, and which lines go on with them.
import { footnoteAt, isRule, isUnderline, itemMarkAt } from './block-starts.ts';
import type { Footnote } from './blocks.ts';
import { indentOf, isBlank, skipColumns, skipMark, type LineReader } from './line-reader.ts';

export type Container =
  | { readonly kind: 'quote' }
  /** `width`: columns that its further lines are indented by. */
  | { readonly kind: 'item'; readonly width: number; isEmpty: boolean }
  | { readonly kind: 'footnote'; readonly footnote: Footnote };

/** Goes behind the marks of the containers that the line belongs to; `depth` says how many those are. */
export function goIntoContainers(
  start: LineReader,
  containers: readonly Container[],
): { line: LineReader; depth: number } {
  let line = start;
  let depth = 0;
  for (const container of containers) {
    const inside = goInto(container, line);
    if (inside === null) break;
    line = inside;
    depth += 1;
  }
  return { line, depth };
}

function goInto(container: Container, line: LineReader): LineReader | null {
  if (container.kind === 'quote') return indentOf(line) < 4 && line.text[line.at] === '>' ? skipQuoteMark(line) : null;
  if (isBlank(line)) return container.kind === 'item' && container.isEmpty ? null : skipColumns(line, indentOf(line));
  const width = container.kind === 'item' ? container.width : 4;
  return indentOf(line) >= width ? skipColumns(line, width) : null;
}

/** `>` and one blank behind it. */
function skipQuoteMark(line: LineReader): LineReader {
  const behind = skipMark({ ...line, column: line.atColumn }, 1);
  const column = line.atColumn + 1;
  return { ...behind, column: behind.atColumn > column ? column + 1 : column };
}

/** The container that begins at the next character; null when none does. @param interrupts true within a paragraph */
export function containerAt(
  line: LineReader,
  interrupts: boolean,
): { readonly container: Container; readonly line: LineReader } | null {
  if (indentOf(line) >= 4 || isBlank(line)) return null;
  if (line.text[line.at] === '>') return { container: { kind: 'quote' }, line: skipQuoteMark(line) };
  const note = footnoteAt(line);
  if (note !== null) {
    const footnote: Footnote = { label: note.label, start: line.at, end: line.end };
    const behind = skipMark(line, note.mark.length);
    return { container: { kind: 'footnote', footnote }, line: { ...behind, column: behind.atColumn } };
  }
  return (interrupts && isUnderline(line)) || isRule(line) ? null : itemAt(line, interrupts);
}

function itemAt(line: LineReader, interrupts: boolean): { container: Container; line: LineReader } | null {
  const mark = itemMarkAt(line);
  if (mark === null) return null;
  const behind = skipMark(line, mark.length);
  const column = line.atColumn + mark.length;
  const isEmpty = isBlank(behind);
  if (interrupts && (isEmpty || (/^\d/.test(mark) && !/^0*1\D/.test(mark)))) return null;
  const blanks = behind.atColumn - column;
  const padding = isEmpty || blanks > 4 ? 1 : blanks;
  const width = indentOf(line) + mark.length + padding;
  return { container: { kind: 'item', width, isEmpty }, line: { ...behind, column: column + padding } };
}
