// Finds the one place that a hunk means, or refuses.
import { closestRegion, placesAt } from '../closest-region.ts';
import { indentDepth, reindent } from '../indentation.ts';
import { Refusal } from '../refusal.ts';
import { type Block, type Choice, findBlocks, findLines } from './find-block.ts';
import type { Hunk } from './parse-patch.ts';

/** What a hunk does to the lines of a file: which it names, which of them go, and what comes before which. */
export interface PlacedHunk {
  readonly kept: readonly number[];
  readonly removed: readonly number[];
  /** Index of the line before which each stands. */
  readonly added: readonly { readonly before: number; readonly text: string }[];
  /** Whether its lines were indented anew, as the file has them. */
  readonly shifted: boolean;
}

/**
 * The place of a hunk among the lines of a file (without their ends): at or after `from`, where hunks before it ended,
 * else anywhere. Throws a Refusal where there is none, or more than one.
 */
export function placeHunk(lines: readonly string[], hunk: Hunk, from: number): PlacedHunk {
  const old = hunk.lines.filter(({ kind }) => kind !== 'add').map(({ text }) => text);
  if (old.length === 0) {
    return { kept: [], removed: [], added: addAt(gapOf(lines, hunk, from), hunk), shifted: false };
  }
  const scope = { lines, anchors: anchorsOf(lines, hunk, from), from };
  const found = inScope(scope, (isMeant) => findBlocks(lines, old, isMeant));
  const [only] = found;
  if (only === undefined) throw new Refusal(`its lines were not found. Closest lines:\n${near(lines, old)}`);
  const fitting = hunk.atEnd ? found.filter((block) => endsFile(lines, block.start + old.length)) : found;
  if (fitting.length === 0) throw new Refusal(`its lines are not at the end of the file.\n${show(lines, found)}`);
  if (fitting.length > 1) throw ambiguous(lines, fitting);
  return replaceAt(fitting[0] ?? only, hunk);
}

/** Lines named after `@@`, the innermost ones; empty when there is none. */
function anchorsOf(lines: readonly string[], hunk: Hunk, from: number): readonly Block[] {
  let anchors: readonly Block[] = [];
  for (const context of hunk.contexts) {
    anchors = inScope({ lines, anchors, from }, (isMeant) => findLines(lines, context, isMeant));
    if (anchors.length > 0) continue;
    throw new Refusal(`the line \`@@ ${context}\` was not found. Closest lines:\n${near(lines, [context])}`);
  }
  return anchors;
}

/** Where a hunk looks: inside the blocks that the anchors head, and behind the hunks before it. */
interface Scope {
  readonly lines: readonly string[];
  readonly anchors: readonly Block[];
  readonly from: number;
}

/**
 * What `find` finds inside the blocks of the anchors, or anywhere where that is nothing (a line after `@@` may head no
 * block, and then the place must be the only one in the file). Places behind earlier hunks win over those before them.
 */
function inScope({ lines, anchors, from }: Scope, find: (isMeant: Choice) => readonly Block[]): readonly Block[] {
  const later: Choice = (found) => {
    const after = found.filter(({ start }) => start >= from);
    return after.length > 0 ? after : found;
  };
  if (anchors.length === 0) return find(later);
  const blocks = anchors.map(({ start }) => ({ start, end: endOfBlock(lines, start) }));
  const isInside = (at: number): boolean => blocks.some(({ start, end }) => at >= start && at < end);
  const inside = find((found) => later(found.filter(({ start }) => isInside(start))));
  return inside.length > 0 ? inside : find((found) => found);
}

/** The first line after it that is not indented deeper. */
function endOfBlock(lines: readonly string[], head: number): number {
  const depth = indentDepth(lines[head] ?? '');
  const end = lines.findIndex((line, index) => index > head && line.trim() !== '' && indentDepth(line) <= depth);
  return end === -1 ? lines.length : end;
}

/** Where lines go that come with no line of the file: below the line after `@@`, or at the end. */
function gapOf(lines: readonly string[], hunk: Hunk, from: number): number {
  const anchors = anchorsOf(lines, hunk, from);
  const [only] = anchors;
  if (anchors.length > 1) throw ambiguous(lines, anchors);
  if (only !== undefined && !hunk.atEnd) return only.start + 1;
  if (hunk.atEnd || lines.length === 0) return lines.length;
  throw new Refusal('it only adds lines and does not say where: give lines of the file around them.');
}

const addAt = (gap: number, hunk: Hunk): PlacedHunk['added'] => hunk.lines.map(({ text }) => ({ before: gap, text }));

function replaceAt({ start, indents }: Block, hunk: Hunk): PlacedHunk {
  const fresh = hunk.lines.filter(({ kind }) => kind !== 'remove').map(({ text }) => text);
  const mended = indents === null ? fresh : reindent(fresh.join('\n'), indents)?.split('\n');
  if (mended === undefined) throw new Refusal('its lines are indented otherwise in the file, and how is not clear.');
  const kept: number[] = [];
  const removed: number[] = [];
  const added: { before: number; text: string }[] = [];
  let index = start;
  let position = 0;
  for (const { kind } of hunk.lines) {
    if (kind === 'add') added.push({ before: index, text: mended[position] ?? '' });
    else (kind === 'keep' ? kept : removed).push(index++);
    if (kind !== 'remove') position += 1;
  }
  return { kept, removed, added, shifted: indents !== null };
}

const endsFile = (lines: readonly string[], end: number): boolean =>
  lines.slice(end).every((line) => line.trim() === '');

const near = (lines: readonly string[], wanted: readonly string[]): string =>
  closestRegion(lines.join('\n'), wanted.join('\n'));

const show = (lines: readonly string[], found: readonly Block[]): string =>
  placesAt(
    lines.join('\n'),
    found.map(({ start }) => start),
  );

function ambiguous(lines: readonly string[], found: readonly Block[]): Refusal {
  const numbers = found.slice(0, 10).map(({ start }) => String(start + 1));
  const rest = found.length > numbers.length ? ', ...' : '';
  return new Refusal(
    `it fits ${String(found.length)} places (lines ${numbers.join(', ')}${rest}). Give more lines around the change, or ` +
      `\`@@\` with the line that heads its block.\n${show(lines, found)}`,
  );
}
