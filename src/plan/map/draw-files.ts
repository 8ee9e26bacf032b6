// Likely files as text: each with its length, its tests, and the lines that matter.
import type { Lines } from './definition-blocks.ts';
import { drawDocument } from './draw-document.ts';
import { isDeclaration } from './file-kinds.ts';
import { drawOutline } from './outline.ts';
import type { RankedFile } from './rank-files.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';
import type { Range } from './show-code.ts';
import { tellingLines } from './telling-lines.ts';
import type { ValuedPiece } from './value-pieces.ts';

/** Files shown with lines, and by name only. More cost tokens in every turn of every agent. */
const DETAILED = 7;
const NAMED = 8;
/** Files of which the definitions are listed, and characters of that for all of them. */
const OUTLINED = 4;
const OUTLINE_CHARS = 1_500;
/** Of what is left of those characters, what one file takes at most. */
const OUTLINE_SHARE = 0.55;
/** Lines that use a name, beside an outline and without one. */
const LINES_BESIDE = 2;
const LINES_ALONE = 3;
/** About 600 tokens: files whose code is shown below take one line of it. */
const MAP_CHARS = 2_200;
/** Documents of which headings are shown. */
const DOCUMENTS = 2;

interface DrawContext {
  readonly names: readonly RequestName[];
  readonly worth: readonly number[];
  readonly testsOf: (source: string) => string[];
  /** Documents that have names, best first. */
  readonly documents: readonly ReadFile[];
  /** Lines that are shown elsewhere: they are not told again. */
  readonly ranges: readonly Range[];
  readonly piecesOf: (file: ReadFile) => readonly ValuedPiece[];
}

/** The first of `likely` with their definitions and lines, the others of `all` by name. */
export function drawFiles(likely: readonly ReadFile[], all: readonly RankedFile[], context: DrawContext): string {
  const sources = likely.filter(({ kind }) => kind === 'source');
  const ordered = [
    ...sources.filter(({ path }) => !isDeclaration(path)),
    ...sources.filter(({ path }) => isDeclaration(path)),
  ];
  const detailed = (sources.length > 0 ? ordered : likely).slice(0, DETAILED);
  const drawn = drawDetailed(detailed, context);
  const documents = context.documents.slice(0, DOCUMENTS).flatMap((file) => drawDocument(file, context.worth));
  const rest = all.filter(({ path }) => !drawn.has(path) && !documents.some((text) => text.startsWith(`${path} `)));
  return [
    ...drawn.values(),
    ...documents,
    ...namedOnly('Tests that name it (on so many lines)', rest.filter(({ kind }) => kind === 'test').slice(0, 5)),
    ...namedOnly('Also (names on so many lines)', rest.filter(({ kind }) => kind !== 'test').slice(0, NAMED)),
  ].join('\n');
}

/** As many as there is room for, by path: the first with the names of their definitions. */
function drawDetailed(files: readonly ReadFile[], context: DrawContext): ReadonlyMap<string, string> {
  const drawn = new Map<string, string>();
  let left = MAP_CHARS;
  let leftOfOutlines = OUTLINE_CHARS;
  for (const [index, file] of files.entries()) {
    const share = index < OUTLINED - 1 ? OUTLINE_SHARE : 1;
    const outline = index < OUTLINED ? outlineOf(file, leftOfOutlines * share, context) : '';
    const block = drawFile(file, outline, context);
    if (block.length > left) continue;
    left -= block.length + 1;
    leftOfOutlines -= outline.length;
    drawn.set(file.path, block);
  }
  return drawn;
}

/** One line of paths, each with the number of lines that hold a name. */
function namedOnly(title: string, files: readonly RankedFile[]): string[] {
  if (files.length === 0) return [];
  const linesOf = ({ uses }: RankedFile): number => new Set([...uses.values()].flat()).size;
  return [`${title}: ${files.map((file) => `${file.path} (${linesOf(file)})`).join(', ')}`];
}

function drawFile(file: ReadFile, outline: string, context: DrawContext): string {
  const tests = context.testsOf(file.path);
  const head = `${file.path} (${file.lines.length} lines${tests.length === 0 ? '' : `; tests: ${tests.join(', ')}`})`;
  const ranges = rangesOf(file, context);
  if (ranges.some(({ isWhole }) => isWhole)) return `${head}: shown whole below`;
  const most = outline === '' ? LINES_ALONE : LINES_BESIDE;
  const lines = tellingLines(file, { ...context, shown: ranges, withDefinitions: outline === '' }, most);
  return [
    head,
    ...(outline === '' ? [] : [`  ${outline}`]),
    ...lines.map(({ line, text }) => `  ${line}: ${text}`),
  ].join('\n');
}

const rangesOf = ({ path }: ReadFile, { ranges }: DrawContext): readonly Range[] =>
  ranges.filter((range) => range.path === path);

/** Definitions of a file that is not shown whole; of declarations only the lines are worth it. */
function outlineOf(file: ReadFile, most: number, context: DrawContext): string {
  const shown: readonly Lines[] = rangesOf(file, context);
  if (isDeclaration(file.path) || rangesOf(file, context).some(({ isWhole }) => isWhole)) return '';
  const values = new Map<ValuedPiece['block'], number>();
  for (const { block, value, called } of context.piecesOf(file))
    values.set(block, Math.max(values.get(block) ?? 0, value + called));
  return drawOutline({ blocks: [...values.keys()], valueOf: (block) => values.get(block) ?? 0, shown }, most);
}
