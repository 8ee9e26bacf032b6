// All that a page does not show of a Markdown text, found in one reading of its blocks.
import type { Block, Footnote, Line } from './blocks.ts';
import { cutCode } from './cut-code.ts';
import { cutHtml } from './cut-html.ts';
import { cutAddress, cutTitle } from './cut-link.ts';
import { cutOf, type Cut, type Range } from './cuts.ts';
import { definitionsIn, type Definition } from './definitions.ts';
import { normalLabel } from './link-parts.ts';
import { pieceOf, placeInWhole, type Piece } from './piece.ts';
import { scanBlocks } from './scan-blocks.ts';
import { mayHide, scanInline } from './scan-inline.ts';
import { readTable } from './tables.ts';

export interface Hidden {
  /** May overlap: the one that begins first, or is the longest of those, holds the others. */
  readonly cuts: readonly Cut[];
  /** Code, which a page shows as it stands. */
  readonly code: readonly Range[];
}

/** Running text, and the definitions that it begins with. */
interface Paragraph {
  readonly piece: Piece;
  readonly definitions: readonly Definition[];
  /** Where the text behind the definitions begins. */
  readonly from: number;
}

/**
 * Finds what is hidden in a text whose lines end in `\n` only. One with tables is read as if there were none as well, and
 * what either reading hides is hidden: what ends a table is nowhere written down.
 */
export function findHidden(text: string): Hidden {
  const { cuts, code, hasTable } = readText(text, true);
  return hasTable ? { cuts: [...cuts, ...readText(text, false).cuts], code } : { cuts, code };
}

function readText(text: string, withTables: boolean): Hidden & { readonly hasTable: boolean } {
  const { blocks, footnotes, tooDeepAt } = scanBlocks(text, withTables);
  const parts = blocks.map((block) => readBlock(block, text));
  const paragraphs = parts.flatMap((part) => part.paragraphs);
  const addresses = addressesOf(paragraphs);
  const read = paragraphs.flatMap((paragraph) => readParagraph(paragraph, addresses));
  const links = new Set(read.flatMap((one) => [...one.links]));
  // Footnotes stand at the end of a page, where whatever was left open before takes them in.
  const isSwallowed = parts.some(({ cuts }) => cuts.some(({ end }) => end > text.length));
  const notes = new Set(isSwallowed ? [] : read.flatMap((one) => [...one.footnotes]));
  return {
    cuts: [
      ...parts.flatMap(({ cuts }) => cuts),
      ...read.flatMap(({ cuts }) => cuts),
      ...cutDefinitions(paragraphs, links),
      ...cutFootnotes(footnotes, notes, text),
      ...(tooDeepAt === null ? [] : [cutOf('markup without end', text, { start: tooDeepAt, end: text.length })]),
    ],
    code: [...parts.flatMap(({ code }) => code), ...read.flatMap(({ code }) => code)],
    hasTable: blocks.some(({ ruler }) => ruler !== null),
  };
}

interface BlockPart extends Hidden {
  readonly paragraphs: readonly Paragraph[];
}

function readBlock(block: Block, text: string): BlockPart {
  if (block.kind === 'code') return { ...nothing, cuts: cutCode(block, text), code: block.lines };
  if (block.kind === 'html') {
    const piece = pieceOf(block.lines, text);
    return { ...nothing, cuts: inWhole(cutHtml(piece.text), piece) };
  }
  if (block.ruler === null) return { ...nothing, paragraphs: paragraphsOf(block.lines, text) };
  const { before, cells, cuts } = readTable(block.lines, block.ruler, text);
  const inCells = cells
    .flatMap((cell) => paragraphsOf([cell], text))
    .map((cell) => ({ ...cell, definitions: [], from: 0 }));
  return { ...nothing, cuts, paragraphs: [...paragraphsOf(before, text), ...inCells] };
}

const nothing: BlockPart = { cuts: [], code: [], paragraphs: [] };

/** The paragraph of these lines; none for plain words, which hide nothing and may be very many. */
function paragraphsOf(lines: readonly Line[], text: string): readonly Paragraph[] {
  const whole = text.slice(lines[0]?.start ?? 0, lines.at(-1)?.end ?? 0);
  return mayHide(whole) ? [paragraphOf(lines, text)] : [];
}

function paragraphOf(lines: readonly Line[], text: string): Paragraph {
  const piece = pieceOf(lines, text);
  const definitions = definitionsIn(piece.text);
  return { piece, definitions, from: definitions.at(-1)?.end ?? 0 };
}

/** By label; of several definitions of one the first counts. */
function addressesOf(paragraphs: readonly Paragraph[]): ReadonlyMap<string, string> {
  const addresses = new Map<string, string>();
  for (const { piece, definitions } of paragraphs) {
    for (const { label, address } of definitions) {
      if (!addresses.has(label)) addresses.set(label, piece.text.slice(address.start, address.end));
    }
  }
  return addresses;
}

function readParagraph({ piece, from }: Paragraph, addresses: ReadonlyMap<string, string>) {
  const rest = piece.text.slice(from);
  if (!mayHide(rest)) return [];
  const { cuts, code, ...used } = scanInline(' '.repeat(from) + rest, addresses);
  return [{ cuts: inWhole(cuts, piece), code: inWhole(code, piece), ...used }];
}

const inWhole = <Found extends Range>(found: readonly Found[], piece: Piece): Found[] =>
  found.map((one) => ({ ...one, start: placeInWhole(one.start, piece), end: placeInWhole(one.end, piece) }));

/** Definitions that nothing refers to go; the first of each label that is used keeps its address. */
function cutDefinitions(paragraphs: readonly Paragraph[], links: ReadonlySet<string>): readonly Cut[] {
  const seen = new Set<string>();
  return paragraphs.flatMap(({ piece, definitions }) => {
    const cuts = definitions.flatMap(({ label, start, end, address, title }) => {
      const isUsed = links.has(label) && !seen.has(label);
      seen.add(label);
      if (!isUsed) return [cutOf('unused definition', piece.text, { start, end })];
      return [...cutAddress(piece.text, address), ...cutTitle(piece.text, address, title)];
    });
    return inWhole(cuts, piece);
  });
}

/** Footnotes that nothing refers to go, and all but the first of each label. */
function cutFootnotes(footnotes: readonly Footnote[], used: ReadonlySet<string>, text: string): readonly Cut[] {
  const seen = new Set<string>();
  return footnotes.flatMap(({ label: said, start, end }) => {
    const label = normalLabel(said);
    const isShown = used.has(label) && !seen.has(label);
    seen.add(label);
    return isShown ? [] : [cutOf('unused footnote', text, { start, end })];
  });
}
