// The code of the likeliest places, because the manager cannot read files and agents would read these first.
import { commentEnd } from './comment-end.ts';
import type { Lines } from './definition-blocks.ts';

export interface Place extends Lines {
  readonly path: string;
  readonly lines: readonly string[];
  /** The definition that it is, or is a part of; null: the whole file. */
  readonly of: { readonly title: string; readonly line: number; readonly end: number } | null;
}

export interface ShownCode {
  /** Numbered lines as `read` would show them; empty without places. */
  readonly text: string;
  /** Lines that are shown, by path, in the order in which they are shown. */
  readonly ranges: readonly Range[];
}

export interface Range extends Lines {
  readonly path: string;
  readonly isWhole: boolean;
}

/** More are too many to be read for one that matters. */
const MAX_PIECES = 12;
/** What is longer was written by a program; an edit that is matched against a cut line fails, so the cut is marked. */
const MAX_LINE_CHARS = 400;
/** A file up to this size is shown whole: two or three pieces of it cost nearly as much, and it is read anyhow. */
const WHOLE_LINES = 200;
const WHOLE_CHARS = 7_000;

/** Whether a file is short enough to be shown whole. */
export const isShort = (lines: readonly string[]): boolean =>
  lines.length <= WHOLE_LINES && lines.reduce((sum, line) => sum + line.length + 1, 0) <= WHOLE_CHARS;

interface Piece extends Place {
  readonly shown: readonly NumberedLine[];
}

/**
 * Code of the places, the most important first, until `most` characters are used; then file by file in order of lines.
 * Where whole files are too much for that, long comments are left out.
 */
export function showCode(places: readonly Place[], most: number): ShownCode {
  const wholes = places.filter(({ of }) => of === null);
  const isTight = wholes.reduce((sum, { lines }) => sum + sizeOf(numbered(lines, 1, lines.length, false)), 0) > most;
  const pieces = choose(places, most, isTight);
  const ordered = inOrder(pieces);
  return {
    text: ordered.map((piece) => [headOf(piece), ...piece.shown.map(({ text }) => text)].join('\n')).join('\n\n'),
    ranges: ordered.map(({ path, start, end, lines }) => ({
      path,
      start,
      end,
      isWhole: end - start + 1 === lines.length,
    })),
  };
}

/** Places that fit the room, in their order. One that holds others, as a function does its inner ones, takes their place. */
function choose(places: readonly Place[], most: number, isTight: boolean): readonly Piece[] {
  let pieces: readonly Piece[] = [];
  let left = most;
  for (const place of places) {
    if (pieces.length >= MAX_PIECES) break;
    const met = pieces.filter((one) => one.path === place.path && place.start <= one.end && place.end >= one.start);
    if (!met.every((one) => isInside(one, place))) continue;
    const piece = { ...place, shown: numbered(place.lines, place.start, place.end, isTight) };
    const room = left + met.reduce((sum, one) => sum + roomOf(one), 0);
    if (roomOf(piece) > room) continue;
    pieces = [...pieces.filter((one) => !met.includes(one)), piece];
    left = room - roomOf(piece);
  }
  return pieces;
}

const isInside = (one: Lines, other: Lines): boolean =>
  one.start >= other.start && one.end <= other.end && one.end - one.start < other.end - other.start;

const roomOf = (piece: Piece): number => sizeOf(piece.shown) + headOf(piece).length + 3;

/** File by file, the one with the best place first; pieces of one definition that follow each other are one. */
function inOrder(pieces: readonly Piece[]): Piece[] {
  const paths = [...new Set(pieces.map(({ path }) => path))];
  const ordered: Piece[] = [];
  for (const piece of paths.flatMap((path) => byLine(pieces.filter((one) => one.path === path)))) {
    const before = ordered.at(-1);
    if (before !== undefined && goesOn(before, piece)) ordered.splice(-1, 1, joined(before, piece));
    else ordered.push(piece);
  }
  return ordered;
}

/** Whether only empty lines lie between two pieces of one definition. */
const goesOn = (before: Piece, next: Piece): boolean =>
  before.path === next.path &&
  before.of?.line === next.of?.line &&
  next.lines.slice(before.end, next.start - 1).every((line) => line.trim() === '');

const joined = (before: Piece, next: Piece): Piece => ({
  ...before,
  end: next.end,
  shown: [...before.shown, ...numbered(next.lines, before.end + 1, next.start - 1, false), ...next.shown],
});

const byLine = (pieces: readonly Piece[]): Piece[] => [...pieces].sort((a, b) => a.start - b.start);

function headOf({ path, lines, start, end, of }: Place): string {
  if (of === null) return `### ${path}, whole (${end} lines)`;
  const head = `### ${path}, lines ${start}-${end} of ${lines.length}`;
  if (start <= of.line && end >= of.end) return head;
  return start <= of.line
    ? `${head}, the beginning of ${of.title}, which ends at ${of.end}`
    : `${head}, part of ${of.title} (${of.line}-${of.end})`;
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
