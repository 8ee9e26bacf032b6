// GitHub's tables: of a row, cells beyond those of the head are not shown.
import type { Line } from './blocks.ts';
import { cutOf, type Cut } from './cuts.ts';

export interface Table {
  /** The lines of the paragraph that come before it. */
  readonly before: readonly Line[];
  /** Cells that are shown. */
  readonly cells: readonly Line[];
  /** Cells that nothing shows. */
  readonly cuts: readonly Cut[];
}

/** Reads the table that a paragraph ends in. @param whole the text that lines are places of */
export function readTable(lines: readonly Line[], ruler: number, whole: string): Table {
  const width = cellsOf(lines[ruler], whole).length;
  const rows = lines.slice(ruler - 1).map((line) => ({ line, cells: cellsOf(line, whole) }));
  const cuts = rows.flatMap(({ line, cells }) => {
    const last = cells[width - 1];
    // The border behind the last cell that is shown stays.
    return cells.length <= width || last === undefined
      ? []
      : [cutOf('surplus table cell', whole, { start: last.end + 1, end: line.end })];
  });
  return { before: lines.slice(0, ruler - 1), cells: rows.flatMap(({ cells }) => cells.slice(0, width)), cuts };
}

/** True for a line of dashes under a head with as many cells: a table begins. */
export function isRuler(line: Line, head: Line | undefined, whole: string): boolean {
  const text = whole.slice(line.start, line.end);
  if (!/^[|:\- \t]*$/.test(text) || !/[|:]/.test(text) || !text.includes('-')) return false;
  const cells = cellsOf(line, whole);
  const isDrawn = cells.every(({ start, end }) => /^:?-+:?$/.test(whole.slice(start, end).trim()));
  return isDrawn && cells.length === cellsOf(head, whole).length;
}

/** The cells of a row, without the borders at its ends. */
function cellsOf(line: Line | undefined, whole: string): readonly Line[] {
  if (line === undefined) return [];
  const text = whole.slice(line.start, line.end).trimEnd();
  const first = text.startsWith('|') ? 1 : 0;
  const cells: Line[] = [];
  let start = first;
  for (const { index } of text.matchAll(/\\.|\|/g)) {
    if (text[index] !== '|' || index < first) continue;
    cells.push({ start: line.start + start, end: line.start + index });
    start = index + 1;
  }
  if (start < text.length || cells.length === 0)
    cells.push({ start: line.start + start, end: line.start + text.length });
  return cells;
}
