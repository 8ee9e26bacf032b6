// What a page does not show of a block of code: words behind its language, and the source of what it draws instead.
import type { Block } from './blocks.ts';
import { cutPhantoms } from './cut-phantoms.ts';
import { cutOf, type Cut } from './cuts.ts';
import { pieceOf, placeInWhole } from './piece.ts';

/** GitHub draws maps and bodies of these, and shows nothing of their text. */
const drawn = /^(?:geojson|topojson|stl)$/;

/** The cuts of a block of code; everything else in it stands on the page byte for byte. */
export function cutCode({ info, lines }: Block, whole: string): readonly Cut[] {
  if (info === null) return [];
  const said = whole.slice(info.start, info.end);
  const first = /^\s*[\w+#./-]{0,32}(?![^\s,{])/.exec(said)?.[0] ?? '';
  const language = first.trim();
  const [rest, mark] = [said.slice(first.length).trimEnd(), drawn.test(language) ? ' (drawn)' : ''];
  const label =
    rest === mark ? [] : [cutOf('code label', whole, { start: info.start + first.length, end: info.end }, mark)];
  if (language === 'mermaid') return [...label, ...cutDiagram({ lines }, whole)];
  return language === 'math' ? [...label, ...cutMath({ lines }, whole)] : label;
}

const cutDiagram = ({ lines }: Pick<Block, 'lines'>, whole: string): readonly Cut[] =>
  lines.flatMap(({ start, end }) =>
    whole.startsWith('%%', start) ? [cutOf('diagram comment', whole, { start, end })] : [],
  );

function cutMath({ lines }: Pick<Block, 'lines'>, whole: string): readonly Cut[] {
  const piece = pieceOf(lines, whole);
  const cuts: Cut[] = [];
  for (let at = piece.text.indexOf('\\'); at !== -1;) {
    const cut = cutPhantoms(piece.text, at);
    if (cut !== null) {
      cuts.push({ ...cut, start: placeInWhole(cut.start, piece), end: placeInWhole(cut.end, piece) });
    }
    at = piece.text.indexOf('\\', cut?.end ?? at + 1);
  }
  return cuts;
}
