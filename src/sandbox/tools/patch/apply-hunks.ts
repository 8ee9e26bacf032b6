// Applies the hunks of one file to its text: all of them or none. Pure.
import { Refusal } from '../refusal.ts';
import { byteOrderMark, mainLineEnd } from '../text-form.ts';
import type { Hunk } from './parse-patch.ts';
import { type PlacedHunk, placeHunk } from './place-hunk.ts';

interface Line {
  readonly text: string;
  /** Empty for a last line without one. */
  readonly end: string;
}

export interface PatchedText {
  readonly text: string;
  /** Whether the new lines stand there as the patch has them. */
  readonly asSent: boolean;
}

/**
 * The text after all hunks, each placed in the text as it was. Keeps the byte order mark, line ends and the final
 * newline. Throws a Refusal that names the first hunk that has no place, more than one, or one that is taken.
 */
export function applyHunks(source: string, hunks: readonly Hunk[], name: string): PatchedText {
  const mark = source.startsWith(byteOrderMark) ? byteOrderMark : '';
  const lines = linesOf(source.slice(mark.length));
  const texts = lines.map(({ text }) => text);
  const placed: PlacedHunk[] = [];
  for (const [index, hunk] of hunks.entries()) {
    try {
      const next = placeHunk(texts, hunk, cursorAfter(placed.at(-1)));
      refuseOverlap(placed, next);
      placed.push(next);
    } catch (error) {
      throw error instanceof Refusal
        ? new Refusal(`${label(name, hunk, index, hunks.length)}: ${error.message}`)
        : error;
    }
  }
  return { text: mark + join(lines, placed), asSent: placed.every(({ shifted }) => !shifted) };
}

function label(name: string, hunk: Hunk, index: number, count: number): string {
  const context = hunk.contexts.length === 0 ? '' : ` (@@ ${hunk.contexts.join(' @@ ')})`;
  return `${name}, hunk ${String(index + 1)} of ${String(count)}${context}`;
}

/** Behind the last line that the hunk changed: lines it only kept may be shared with the next one. */
function cursorAfter(placed: PlacedHunk | undefined): number {
  if (placed === undefined) return 0;
  return Math.max(0, ...placed.removed.map((index) => index + 1), ...placed.added.map(({ before }) => before));
}

function refuseOverlap(placed: readonly PlacedHunk[], next: PlacedHunk): void {
  const removed = new Set(placed.flatMap((one) => one.removed));
  const kept = new Set(placed.flatMap((one) => one.kept));
  const clash =
    [...next.kept, ...next.removed].find((index) => removed.has(index)) ??
    next.removed.find((index) => kept.has(index));
  if (clash !== undefined)
    throw new Refusal(`it overlaps a hunk before it (line ${String(clash + 1)}). Make them one hunk.`);
}

function join(lines: readonly Line[], placed: readonly PlacedHunk[]): string {
  const whole = lines.map(({ text, end }) => text + end).join('');
  const main = mainLineEnd(whole);
  const removed = new Set(placed.flatMap((one) => one.removed));
  const result: Line[] = [];
  for (let index = 0; index <= lines.length; index += 1) {
    for (const hunk of placed) {
      const end = ownLineEnd(lines, hunk) ?? main;
      for (const { before, text } of hunk.added) if (before === index) result.push({ text, end });
    }
    const line = lines[index];
    if (line !== undefined && !removed.has(index)) result.push(line);
  }
  const endsLine = whole === '' || whole.endsWith('\n');
  return result
    .map(({ text, end }, index) => text + (index < result.length - 1 || endsLine ? end || main : ''))
    .join('');
}

/** The line end around a change, in files that mix them. */
function ownLineEnd(lines: readonly Line[], { kept, removed }: PlacedHunk): string | null {
  const end = [...removed, ...kept].map((index) => lines[index]?.end ?? '').find((one) => one !== '');
  return end ?? null;
}

function linesOf(text: string): readonly Line[] {
  return [...text.matchAll(/([^\n]*?)(\r?\n|$)/g)]
    .filter(([whole]) => whole !== '')
    .map(([, content = '', end = '']) => ({ text: content, end }));
}
