// The code around the likeliest definitions, because the manager cannot read files and agents would read these first.
export interface Place {
  readonly path: string;
  readonly lines: readonly string[];
  /** Line of the definition, from 1; its end is found by indentation. */
  readonly line: number;
}

const MAX_LINES = 60;
/** Comment lines above a definition that are shown with it. */
const MAX_COMMENT = 6;
const MAX_LINE_CHARS = 160;
/** A file up to this long is shown whole: its start and end are as telling as its middle. */
export const WHOLE_FILE = 60;

/** Numbered lines of each place, as `read` would show them, until `most` characters are used; empty without places. */
export function showCode(places: readonly Place[], most: number): string {
  const shown: { path: string; start: number; end: number }[] = [];
  const texts: string[] = [];
  let left = most;
  for (const place of places) {
    const { start, end } = boundsOf(place);
    if (shown.some((other) => other.path === place.path && start <= other.end && end >= other.start)) continue;
    const numbered = place.lines
      .slice(start - 1, end)
      .map((line, index) => `${start + index}\t${line.slice(0, MAX_LINE_CHARS)}`);
    const fitting = whatFits(numbered, left - 100);
    if (fitting.length < Math.min(5, numbered.length)) break;
    const last = start + fitting.length - 1;
    const text = `### ${place.path}, lines ${start}-${last} of ${place.lines.length}\n${fitting.join('\n')}`;
    shown.push({ path: place.path, start, end: last });
    texts.push(text);
    left -= text.length + 2;
  }
  return texts.join('\n\n');
}

function whatFits(lines: readonly string[], room: number): readonly string[] {
  let used = 0;
  const over = lines.findIndex((line) => (used += line.length + 1) > room);
  return over < 0 ? lines : lines.slice(0, over);
}

function boundsOf({ lines, line }: Place): { start: number; end: number } {
  if (lines.length <= WHOLE_FILE) return { start: 1, end: lines.length };
  const start = commentStart(lines, line);
  let last = Math.min(start + MAX_LINES - 1, blockEnd(lines, line));
  while (last > line && (lines[last - 1] ?? '').trim() === '') last--;
  return { start, end: last };
}

/** First line of the comment and the decorators above; of a comment too long to show, nothing is shown. */
function commentStart(lines: readonly string[], line: number): number {
  let start = line;
  while (start > 1 && /^\s*(\/\/|\/\*|\*|#|@|--|""")/.test(lines[start - 2] ?? '')) start--;
  return line - start <= MAX_COMMENT ? start : line;
}

/** Last line of the block that starts here: the next line that is not indented deeper ends it, or stands after it. */
export function blockEnd(lines: readonly string[], line: number): number {
  const indent = (lines[line - 1] ?? '').search(/\S/);
  for (let next = line + 1; next <= lines.length; next++) {
    const text = lines[next - 1] ?? '';
    if (text.trim() === '' || text.search(/\S/) > indent) continue;
    // `): Result {` goes on with what the definition began; `}` is its end; anything else stands after it.
    if (/^\s*[)\]}{].*[({[,:]\s*$/.test(text) || /^\s*\{\s*$/.test(text)) continue;
    return /^\s*([)\]}]|end\b)/.test(text) ? next : Math.max(line, next - 1);
  }
  return lines.length;
}
