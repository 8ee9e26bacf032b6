// The code of the likeliest places, because the manager cannot read files and agents would read these first.
import { blockEnd, shownStart } from './block-end.ts';
import { commentEnd } from './comment-end.ts';

export interface Place {
  readonly path: string;
  readonly lines: readonly string[];
  /** Line of the definition, from 1, whose end is found by indentation; null: the whole file. */
  readonly line: number | null;
}

export interface ShownCode {
  /** Numbered lines as `read` would show them; empty without places. */
  readonly text: string;
  /** Lines that are shown, by path, in the order in which they are shown. */
  readonly ranges: readonly Range[];
}

export interface Range {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly isWhole: boolean;
}

/** Pieces that are shown at most, and lines of one definition. A longer one is cut between two of its statements. */
const MAX_PIECES = 7;
const MAX_LINES = 90;
/** What is longer was written by a program; an edit that is matched against a cut line fails, so the cut is marked. */
const MAX_LINE_CHARS = 400;
/** A file up to this size is shown whole: two or three pieces of it cost nearly as much, and it is read anyhow. */
const WHOLE_LINES = 200;
const WHOLE_CHARS = 7_000;
/** Room for the line above the code: a path and two line numbers. */
const HEAD_CHARS = 120;

/** Whether a file is short enough to be shown whole. */
export const isShort = (lines: readonly string[]): boolean =>
  lines.length <= WHOLE_LINES && lines.reduce((sum, line) => sum + line.length + 1, 0) <= WHOLE_CHARS;

/** Code of the places, the most important first, until `most` characters are used. Where whole files are too much for that, long comments are left out. */
export function showCode(places: readonly Place[], most: number): ShownCode {
  const wholes = places.filter(({ line }) => line === null);
  const fits = wholes.reduce((sum, { lines }) => sum + sizeOf(numbered(lines, 1, lines.length, false)), 0) <= most;
  const ranges: Range[] = [];
  const texts: string[] = [];
  let left = most;
  for (const place of places) {
    const { start, end } = boundsOf(place);
    if (ranges.some((other) => other.path === place.path && start <= other.end && end >= other.start)) continue;
    const all = numbered(place.lines, start, end, !fits);
    const piece = place.line === null ? whole(all, left - HEAD_CHARS) : cutPiece(all, left - HEAD_CHARS);
    const last = piece.at(-1)?.line;
    if (last === undefined || ranges.length >= MAX_PIECES) continue;
    const text = [headOf(place, start, last, end), ...piece.map((one) => one.text)].join('\n');
    ranges.push({ path: place.path, start, end: last, isWhole: start === 1 && last === place.lines.length });
    texts.push(text);
    left -= text.length + 2;
  }
  return { text: texts.join('\n\n'), ranges };
}

function headOf({ path, lines }: Place, start: number, last: number, end: number): string {
  if (start === 1 && last === lines.length) return `### ${path}, whole (${last} lines)`;
  return `### ${path}, lines ${start}-${last} of ${lines.length}${last < end ? ` (it goes on to ${end})` : ''}`;
}

export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** One line as code is shown here. */
export function numberedLine(lines: readonly string[], line: number): NumberedLine {
  const text = lines[line - 1] ?? '';
  return { line, text: `${line}\t${text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS)}…[cut]` : text}` };
}

/** Numbered lines from `start` to `end`; of a long comment at most its first line and its last ones. */
function numbered(lines: readonly string[], start: number, end: number, isTight: boolean): NumberedLine[] {
  const kept: NumberedLine[] = [];
  for (let line = start; line <= end; line++) {
    const closing = commentEnd(lines, line, isTight);
    kept.push(numberedLine(lines, line));
    if (closing === null) continue;
    const { from, to } = closing;
    if (to >= from && to <= end) {
      kept.push({ line: to, text: `\t[lines ${from}-${to}: comment]` });
      line = to;
    }
    // The end of a docstring looks like the start of one.
    while (line < Math.min(end, closing.end)) kept.push(numberedLine(lines, ++line));
  }
  return kept;
}

const sizeOf = (lines: readonly NumberedLine[]): number => lines.reduce((sum, { text }) => sum + text.length + 1, 0);

const whole = (lines: readonly NumberedLine[], room: number): readonly NumberedLine[] =>
  sizeOf(lines) <= room ? lines : [];

/** What fits, cut where the next line is indented least, so that no expression is cut; nothing where little fits. */
function cutPiece(lines: readonly NumberedLine[], room: number): readonly NumberedLine[] {
  let used = 0;
  const over = lines.findIndex(({ text }, index) => index >= MAX_LINES || (used += text.length + 1) > room);
  if (over < 0) return lines;
  let best = 0;
  for (let at = over; at >= over * 0.6 && at > 1; at--) {
    if (indentOf(lines[at]) < indentOf(lines[best]) || best === 0) best = at;
  }
  return best < 8 ? [] : lines.slice(0, best);
}

/** Indentation of a numbered line; a closing line belongs to what stands before it, so nothing is cut above it. */
function indentOf(line: NumberedLine | undefined): number {
  const text = (line?.text ?? '').replace(/^\d*\t/, '');
  if (text.trim() === '' || /^\s*([)\]}]|end\b|else\b|\|\||&&|\?|:|\.)/.test(text)) return 1_000;
  return text.search(/\S/);
}

function boundsOf({ lines, line }: Place): { start: number; end: number } {
  if (line === null) return { start: 1, end: lines.length };
  const start = shownStart(lines, line);
  let last = blockEnd(lines, line);
  while (last > line && (lines[last - 1] ?? '').trim() === '') last--;
  return { start, end: last };
}
