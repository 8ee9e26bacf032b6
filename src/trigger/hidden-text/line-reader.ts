// Reads a line of Markdown from left to right by columns, as CommonMark counts them: a tab goes on to the next fourth.

/** Where reading stands in a line. Columns count from 0 at the line's start, containers' marks included. */
export interface LineReader {
  readonly text: string;
  /** Index just behind the line's last character. */
  readonly end: number;
  /** Column that all before has taken; may lie within a tab. */
  readonly column: number;
  /** Index of the next character that is no blank, `end` when there is none, and its column. */
  readonly at: number;
  readonly atColumn: number;
}

/** Reading begins at `start`, in that column. */
export function readLine(text: string, start: number, end: number, column = 0): LineReader {
  let at = start;
  let atColumn = column;
  for (; at < end; at += 1) {
    const sign = text[at];
    if (sign === ' ') atColumn += 1;
    else if (sign === '\t') atColumn += 4 - (atColumn % 4);
    else break;
  }
  return { text, end, column, at, atColumn };
}

export const isBlank = ({ at, end }: LineReader): boolean => at >= end;

/** Columns of blanks before the next character. */
export const indentOf = ({ column, atColumn }: LineReader): number => atColumn - column;

/** Goes on by columns of blanks. */
export const skipColumns = (line: LineReader, columns: number): LineReader => ({
  ...line,
  column: line.column + columns,
});

/** Goes on behind the next `length` characters, none of which is a blank or a tab. */
export const skipMark = ({ text, end, at, atColumn }: LineReader, length: number): LineReader =>
  readLine(text, at + length, end, atColumn + length);

/** What the pattern (sticky) finds at the next character, within the line; null when it finds nothing. */
export function matchHere(pattern: RegExp, { text, end, at }: LineReader): RegExpExecArray | null {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found !== null && found.index + found[0].length <= end ? found : null;
}
