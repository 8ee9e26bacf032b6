// Which lines of a long comment are left out of code that is shown.

/** Lines of a docstring that are shown; a longer one says more of the past than of the code. */
const MAX_DOCSTRING = 4;
/** Lines of a block comment that are shown where room is short, and how many of its last ones are kept. */
const MAX_BLOCK = 6;
const KEPT_LAST = 3;
/** A comment that is longer was never closed. */
const MAX_COMMENT = 1_000;

export interface LeftOut {
  /** First and last line that are left out; none where `to` is before `from`. */
  readonly from: number;
  readonly to: number;
  /** Last line of the comment. */
  readonly end: number;
}

/** What of the comment that starts on this line is left out; null where none starts. Lines count from 1. */
export function commentEnd(lines: readonly string[], line: number, isTight: boolean): LeftOut | null {
  const text = lines[line - 1] ?? '';
  if (/^\s*r?"""/.test(text) && !/""".*"""/.test(text)) {
    const end = endAfter(lines, line, '"""');
    return { from: line + 1, to: end - line > MAX_DOCSTRING ? end - 1 : line, end: end };
  }
  if (!isTight || !/^\s*\/\*/.test(text) || text.includes('*/')) return null;
  const end = endAfter(lines, line, '*/');
  return { from: line + 1, to: end - line > MAX_BLOCK ? end - KEPT_LAST : line, end: end };
}

function endAfter(lines: readonly string[], start: number, mark: string): number {
  const last = Math.min(lines.length, start + MAX_COMMENT);
  for (let line = start + 1; line <= last; line++) if (lines[line - 1]?.includes(mark) === true) return line;
  return start;
}
