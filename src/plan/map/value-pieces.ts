// What speaks for the definitions of a file, piece by piece.
import { definitionBlocks, type DefinitionBlock, type Lines } from './definition-blocks.ts';
import { fitOf } from './name-fit.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';
import { createWordFit, type RequestWords } from './request-words.ts';

/** Of what a name counts, what a word of the request does that a definition is called by. */
const WORD = 0.25;
/** What the name of a long definition says of its later pieces. */
const LATER = 0.5;
/** How much less a name says of each place, the more lines of the file have it (by their binary logarithm). */
const SPREAD = 0.1;

export interface Sought {
  readonly names: readonly RequestName[];
  /** Worth of each name. */
  readonly worth: readonly number[];
  readonly words: RequestWords;
}

export interface ValuedPiece {
  readonly block: DefinitionBlock;
  readonly piece: Lines;
  readonly value: number;
  /** Of it, what the definition is called by. */
  readonly called: number;
}

/** The names a definition fits, the words it is called by, and the names that are used inside; in order of lines. */
export function valuePieces(file: ReadFile, { names, worth, words }: Sought): readonly ValuedPiece[] {
  const blocks = definitionBlocks(file.definitions, file.lines);
  const wordFit = createWordFit(
    words,
    blocks.map(({ name }) => name),
  );
  const inside = ({ start, end }: Lines): number =>
    [...file.uses].reduce((sum, [name, lines]) => {
      const isUsed = lines.some((line) => line >= start && line <= end);
      return sum + (isUsed ? spreadWorth(worth[name] ?? 0, lines) : 0);
    }, 0);
  return blocks.flatMap((block) => {
    const fit = Math.max(0, ...names.map((name, index) => fitOf(block, name) * (worth[index] ?? 0)));
    const called = fit + WORD * wordFit(block.name);
    return block.pieces.map((piece, index) => ({
      block,
      piece,
      called,
      value: inside(piece) + called * (index === 0 ? 1 : LATER),
    }));
  });
}

const spreadWorth = (worth: number, lines: readonly number[]): number => worth / (1 + SPREAD * Math.log2(lines.length));
