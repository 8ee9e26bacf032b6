// Where the code of a definition begins and ends, by comments and indentation.

/** Comment lines above a definition that are shown with it. */
const MAX_COMMENT = 6;
/** A block that is longer was never closed, or is as good as a whole file. */
const MAX_BLOCK = 5_000;

/** First line of the comment and the decorators above; of a comment too long to show, nothing is shown. */
export function shownStart(lines: readonly string[], line: number): number {
  const start = commentStart(lines, line);
  return line - start <= MAX_COMMENT ? start : line;
}

/** First line of the comment and the decorators above. */
export function commentStart(lines: readonly string[], line: number): number {
  let start = line;
  while (start > 1 && /^\s*(\/\/|\/\*|\*|#|@|--|""")/.test(lines[start - 2] ?? '')) start--;
  return start;
}

/**
 * Last line of the block that starts here: the next line that is not indented deeper ends it, or stands after it. Where
 * the block was opened by a brace, only a closing one ends it: text in backquotes and labels may stand further left.
 */
export function blockEnd(lines: readonly string[], line: number): number {
  const indent = (lines[line - 1] ?? '').search(/\S/);
  let isBraced = /\{\s*$/.test(lines[line - 1] ?? '');
  const last = Math.min(lines.length, line + MAX_BLOCK);
  for (let next = line + 1; next <= last; next++) {
    const text = lines[next - 1] ?? '';
    if (text.trim() === '' || text.search(/\S/) > indent) continue;
    // `): Result {` goes on with what the definition began; `}` is its end; anything else stands after it.
    if (/^\s*[)\]}{].*[({[,:]\s*$/.test(text) || /^\s*\{\s*$/.test(text)) {
      isBraced ||= /\{\s*$/.test(text);
      continue;
    }
    if (/^\s*([)\]}]|end\b)/.test(text)) return next;
    if (!isBraced) return Math.max(line, next - 1);
  }
  return last;
}
