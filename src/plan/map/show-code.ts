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
    const numbered = withoutDocs(place.lines, start, end).slice(0, MAX_LINES);
    const fitting = whatFits(numbered, left - HEAD_CHARS);
    const last = fitting.at(-1)?.line;
    if (last === undefined || fitting.length < Math.min(5, numbered.length)) break;
    const head = `### ${place.path}, lines ${start}-${last} of ${place.lines.length}`;
    const text = [head, ...fitting.map((one) => one.text)].join('\n');
    shown.push({ path: place.path, start, end: last });
    texts.push(text);
    left -= text.length + 2;
  }
  return texts.join('\n\n');
}

/** Room for the line above the code: a path and two line numbers. */
const HEAD_CHARS = 120;
/** Lines of a docstring that are shown; a longer one says more of the past than of the code. */
const MAX_DOCSTRING = 4;

interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** Numbered lines from `start` to `end`; of a long Python docstring, what stands between its first line and its last. */
function withoutDocs(lines: readonly string[], start: number, end: number): NumberedLine[] {
  const kept: NumberedLine[] = [];
  const keep = (line: number): void =>
    void kept.push({ line, text: `${line}\t${(lines[line - 1] ?? '').slice(0, MAX_LINE_CHARS)}` });
  for (let line = start; line <= end; line++) {
    keep(line);
    const text = lines[line - 1] ?? '';
    const closing = /^\s*r?"""/.test(text) && !/""".*"""/.test(text) ? Math.min(end, docEnd(lines, line)) : line;
    if (closing - line > MAX_DOCSTRING) {
      kept.push({ line: closing - 1, text: `\t[lines ${line + 1}-${closing - 1}: docstring]` });
      line = closing - 1;
    }
    // The end of a docstring looks like the start of one.
    while (line < closing) keep(++line);
  }
  return kept;
}

function docEnd(lines: readonly string[], start: number): number {
  const index = lines.findIndex((line, at) => at >= start && line.includes('"""'));
  return index < 0 ? start : index + 1;
}

function whatFits(lines: readonly NumberedLine[], room: number): readonly NumberedLine[] {
  let used = 0;
  const over = lines.findIndex(({ text }) => (used += text.length + 1) > room);
  return over < 0 ? lines : lines.slice(0, over);
}

function boundsOf({ lines, line }: Place): { start: number; end: number } {
  if (lines.length <= WHOLE_FILE) return { start: 1, end: lines.length };
  const start = commentStart(lines, line);
  let last = blockEnd(lines, line);
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
