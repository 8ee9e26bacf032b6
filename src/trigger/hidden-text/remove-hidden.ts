// One reading of a Markdown text: what a page does not show of it goes, and the rest is written as it is drawn.
import { cleanCharacters } from './clean-characters.ts';
import type { Cut, Range, Removed } from './cuts.ts';
import { decodeEntities } from './entities.ts';
import { findHidden } from './find-hidden.ts';

/** The text after one reading. What goes may bring other parts together, so the result may hold something hidden again. */
export function removeHidden(text: string, onRemoved: (removed: Removed) => void): string {
  const { cuts, code } = findHidden(text);
  const isCode = insideOf(code);
  let shown = '';
  let done = 0;
  const show = (end: number): void => {
    for (let at = done; at < end;) {
      const { inside, until } = isCode(at);
      const part = text.slice(at, Math.min(until, end));
      shown += cleanCharacters(inside ? part : decodeEntities(part).normalize('NFC'), onRemoved);
      at += part.length;
    }
  };
  for (const { start, end, instead, removed } of [...cuts].sort(byPlace)) {
    if (start < done) continue;
    show(start);
    // What is left open takes more with it than its own block.
    if (removed !== null) onRemoved(end > text.length ? { ...removed, text: text.slice(start) } : removed);
    shown += instead;
    done = Math.min(end, text.length);
  }
  show(text.length);
  return shown;
}

/** What begins first, and of those the longest: it holds the others. */
const byPlace = (a: Cut, b: Cut): number => a.start - b.start || b.end - a.end;

/** Tells of places, asked from left to right, whether they are inside of a range, and up to where that holds. */
function insideOf(ranges: readonly Range[]): (at: number) => { readonly inside: boolean; readonly until: number } {
  const sorted = ranges.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
  let index = 0;
  return (at) => {
    while ((sorted[index]?.end ?? Number.POSITIVE_INFINITY) <= at) index += 1;
    const { start = Number.POSITIVE_INFINITY, end = start } = sorted[index] ?? {};
    return at < start ? { inside: false, until: start } : { inside: true, until: end };
  };
}
