// How far definitions reach, and the pieces in which long ones are shown.
import { blockEnd, commentStart, shownStart } from './block-end.ts';
import { commentEnd } from './comment-end.ts';
import type { Definition } from './definitions.ts';

export interface DefinitionBlock extends Definition {
  /** What it is called by in words: `class Help`, `formatHelp`. */
  readonly title: string;
  readonly end: number;
  /** The parts that are worth showing apart, in order; one for a definition that is short enough to be read whole. */
  readonly pieces: readonly Lines[];
}

/** From 1, both inclusive. */
export interface Lines {
  readonly start: number;
  readonly end: number;
}

/** A class up to this length is one piece; of a longer one the head is, and each definition inside. */
const SHORT_CLASS = 60;
const CLASS = /\b(class|interface|impl|trait|module|namespace|struct|object|enum|mod|protocol|extension)\b/;
/** A definition up to this length is one piece; a longer one is cut between its statements into pieces of these lengths. */
const MAX_PIECE = 60;
const CUT_PIECE = { least: 20, most: 40 } as const;
/** Lines of one definition that may be shown: what lies further down is found by its own definitions, or by reading. */
const MAX_CUT = 600;

/** One block of each name: overloads and declarations have the name, the longest has the code. In order of lines. */
export function definitionBlocks(definitions: readonly Definition[], lines: readonly string[]): DefinitionBlock[] {
  const longest = new Map<string, DefinitionBlock>();
  for (const [index, definition] of definitions.entries()) {
    const end = lastFull(lines, definition.line, blockEnd(lines, definition.line));
    const key = `${definition.indent} ${definition.name}`;
    const before = longest.get(key);
    if (before !== undefined && end - definition.line <= before.end - before.line) continue;
    const headEnd = headEndOf(definition, end, definitions[index + 1], lines);
    longest.set(key, {
      ...definition,
      title: titleOf(definition),
      end,
      pieces: piecesOf(lines, shownStart(lines, definition.line), headEnd),
    });
  }
  return [...longest.values()].sort((a, b) => a.line - b.line);
}

const titleOf = ({ name, text }: Definition): string => [CLASS.exec(text)?.[0] ?? [], name].flat().join(' ');

function headEndOf(
  { line, text, indent }: Definition,
  end: number,
  next: Definition | undefined,
  lines: readonly string[],
): number {
  if (next === undefined || next.line > end || next.indent <= indent) return end;
  if (end - line < SHORT_CLASS || !CLASS.test(text)) return end;
  return lastFull(lines, line, commentStart(lines, next.line) - 1);
}

function piecesOf(lines: readonly string[], start: number, end: number): Lines[] {
  const rows = rowsOf(lines, start, Math.min(end, start + MAX_CUT));
  const pieces: Lines[] = [];
  for (let from = 0; from < rows.length;) {
    const isLast =
      pieces.length === 0 ? rows.length <= MAX_PIECE : rows.length - from < CUT_PIECE.most + CUT_PIECE.least;
    const to = isLast ? rows.length - 1 : cutAfter(rows, from);
    const [first, last] = [rows[from]?.start ?? start, rows[to]?.end ?? end];
    pieces.push({ start: first, end: lastFull(lines, first, last) });
    from = to + 1;
  }
  return pieces;
}

interface Row extends Lines {
  readonly indent: number;
}

/** Lines to cut between; a comment is one, because half of it would be taken for code. */
function rowsOf(lines: readonly string[], start: number, end: number): Row[] {
  const rows: Row[] = [];
  for (let line = start; line <= end;) {
    const to = Math.min(end, commentEnd(lines, line, true)?.end ?? line);
    rows.push({ start: line, end: to, indent: startIndent(lines[line - 1]) });
    line = to + 1;
  }
  return rows;
}

/** The row after which the next one is indented least, so that no statement is cut. */
function cutAfter(rows: readonly Row[], from: number): number {
  let best = from + CUT_PIECE.most - 1;
  const nextIndent = (row: number): number => rows[row + 1]?.indent ?? 0;
  for (let row = best; row >= from + CUT_PIECE.least - 1; row--) if (nextIndent(row) < nextIndent(best)) best = row;
  return best;
}

/** Indentation of a line on which something begins; a line that ends or goes on with something begins nothing. */
function startIndent(line = ''): number {
  if (line.trim() === '' || /^\s*([)\]}]|end\b|else\b|\|\||&&|\?|:|\.)/.test(line)) return 1_000;
  return line.search(/\S/);
}

/** The last line that is not empty. */
function lastFull(lines: readonly string[], first: number, last: number): number {
  let line = last;
  while (line > first && (lines[line - 1] ?? '').trim() === '') line--;
  return line;
}
