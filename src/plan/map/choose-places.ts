// Places whose code is worth showing.
import { isDeclaration } from './file-kinds.ts';
import { plain } from './name-fit.ts';
import type { RankedFile } from './rank-files.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';
import { isShort, type Place } from './show-code.ts';
import type { ValuedPiece } from './value-pieces.ts';

/** Files whose code is looked at, and places that are tried for room: many lie in a file that is shown already. */
const FILES = 6;
const PLACES = 40;
/** A short file is shown whole only when it is nearly as likely as the best one. */
const WHOLE_SHARE = 0.15;
/** Whole files, at most: the fifth is seldom one to change. */
const WHOLES = 4;
/** A definition further behind the best place is shown by its line alone; whole files are chosen by their score. */
const LEAST_SHARE = 0.13;
/** A declaration file says again what the source has. */
const DECLARATION = 0.25;

/** Short files whole and definitions that fit the names best or use the most of them, over the first files; best first. */
export function choosePlaces(
  likely: readonly ReadFile[],
  names: readonly RequestName[],
  piecesOf: (file: ReadFile) => readonly ValuedPiece[],
): Place[] {
  const sources = likely.filter(({ kind }) => kind === 'source').slice(0, FILES);
  const best = sources[0];
  if (best === undefined) return [];
  const short = sources.filter(({ lines, score }) => isShort(lines) && score >= best.score * WHOLE_SHARE);
  const wholes = new Set(short.slice(0, WHOLES));
  const mirrors = sources.some(({ path }) => !isDeclaration(path));
  const fitting = sources.flatMap((file) => {
    const share = (file.score / best.score) * (mirrors && isDeclaration(file.path) ? DECLARATION : 1);
    const { path, lines } = file;
    const definitions = piecesOf(file).map(({ block, piece, value }) => ({
      place: { path, lines, ...piece, of: { title: block.title, line: block.line, end: block.end } },
      value: value * share,
    }));
    if (!wholes.has(file)) return definitions;
    // The whole file comes just before its best definition, which is tried when the whole is too long for the room.
    const value = Math.max(named(file, names) * share, 0.001, ...definitions.map((one) => one.value)) * 1.001;
    return [{ place: { path, lines, start: 1, end: lines.length, of: null }, value }, ...definitions];
  });
  const most = Math.max(...fitting.map(({ value }) => value));
  const strong = fitting
    .filter(({ place, value }) => value > 0 && (place.of === null || value >= most * LEAST_SHARE))
    .sort((a, b) => b.value - a.value);
  return strong.slice(0, PLACES).map(({ place }) => place);
}

/** Weight of the name that the file is called by; 0 for none. */
function named({ path }: RankedFile, names: readonly RequestName[]): number {
  const own = plain(path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, ''));
  return Math.max(0, ...names.filter(({ needles }) => needles.map(plain).includes(own)).map(({ weight }) => weight));
}
