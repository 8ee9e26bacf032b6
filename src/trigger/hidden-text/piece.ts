// Lines of a block as one text, as Markdown reads them: without the marks of the quotes and lists around.
import type { Line } from './blocks.ts';

export interface Piece {
  readonly text: string;
  readonly lines: readonly Line[];
  /** Where each line begins in the piece. */
  readonly offsets: readonly number[];
}

export function pieceOf(lines: readonly Line[], whole: string): Piece {
  const offsets: number[] = [];
  let offset = 0;
  for (const { start, end } of lines) {
    offsets.push(offset);
    offset += end - start + 1;
  }
  return { text: lines.map(({ start, end }) => whole.slice(start, end)).join('\n'), lines, offsets };
}

/** A place of the piece as a place of the whole text; infinity stays what it is. */
export function placeInWhole(at: number, { lines, offsets }: Piece): number {
  if (at === Number.POSITIVE_INFINITY) return at;
  let [low, high] = [0, offsets.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((offsets[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return (lines[low]?.start ?? 0) + at - (offsets[low] ?? 0);
}
