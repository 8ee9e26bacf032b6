// The part of a file that comes nearest to a text which is not in it.
import { distance } from 'fastest-levenshtein';
import { cutLine } from '../cut-output.ts';

const maxLines = 30;
const around = 3;
const maxLineCharacters = 300;

/** At most 30 numbered lines around where most lines of `text` stand, else around the line most like its longest one. */
export function closestRegion(source: string, text: string): string {
  const lines = source.split(/\r?\n/);
  const wanted = text.split(/\r?\n/);
  const first = byEqualLines(lines, wanted) ?? byLikeness(lines, wanted);
  const start = Math.max(0, first - around);
  return numbered(lines, start, Math.min(maxLines, wanted.length + 2 * around));
}

/** Up to three of the places given by line index, with two lines around each, at most 30 lines in all. */
export function placesAt(source: string, indexes: readonly number[]): string {
  const lines = source.split(/\r?\n/);
  return indexes
    .slice(0, 3)
    .map((index) => numbered(lines, Math.max(0, index - 2), 5))
    .join('\n--\n');
}

function numbered(lines: readonly string[], start: number, count: number): string {
  const shown = lines.slice(start, start + count);
  return shown.map((line, index) => `${String(start + index + 1)}\t${cutLine(line, maxLineCharacters)}`).join('\n');
}

/** The offset that makes most lines equal but for blanks around them; null when no line is. */
function byEqualLines(lines: readonly string[], wanted: readonly string[]): number | null {
  const positions = new Map<string, number[]>();
  for (const [index, line] of wanted.entries()) {
    const body = line.trim();
    if (body.length > 2) positions.set(body, [...(positions.get(body) ?? []), index]);
  }
  const votes = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    for (const position of positions.get(line.trim()) ?? []) {
      votes.set(index - position, (votes.get(index - position) ?? 0) + 1);
    }
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  return best === undefined ? null : Math.max(0, best[0]);
}

function byLikeness(lines: readonly string[], wanted: readonly string[]): number {
  const longest = wanted.reduce((a, b) => (b.trim().length > a.trim().length ? b : a), '');
  const body = longest.trim().slice(0, maxLineCharacters);
  let best = { index: 0, distance: Infinity };
  for (const [index, line] of lines.entries()) {
    const far = distance(line.trim().slice(0, maxLineCharacters), body);
    if (far < best.distance) best = { index, distance: far };
  }
  return Math.max(0, best.index - wanted.indexOf(longest));
}
