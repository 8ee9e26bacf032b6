// Likely files as text: each with its length, its tests, and the lines that matter.
import { shownLine } from './definitions.ts';
import { fitOf } from './name-fit.ts';
import type { RankedFile } from './rank-files.ts';
import type { ReadFile } from './read-file.ts';
import type { RequestName } from './request-names.ts';

/** Files shown with lines, and by name only; lines of each. More cost tokens in every turn of every agent. */
const DETAILED = 7;
const NAMED = 8;
const LINES_OF_FIRST = 10;
const LINES_OF_OTHERS = 5;
/** About 600 tokens: files whose code is shown below take one line of it. */
const MAP_CHARS = 2_200;
/** Documents of which headings are shown, and headings of each: where a sentence on what changes belongs. */
const DOCUMENTS = 2;
const HEADINGS = 5;
/** Lines that name something without telling what it does. */
const TELLS_LITTLE = /^\s*(import\b|export\s*(\*|\{)|from\b|use\b|#include|\*|\/\/|#)/;

interface DrawContext {
  readonly names: readonly RequestName[];
  readonly worth: readonly number[];
  readonly testsOf: (source: string) => string[];
  /** Documents that have names, best first. */
  readonly documents: readonly ReadFile[];
  /** Files that are shown whole elsewhere: their lines are not told again. */
  readonly shown: ReadonlySet<string>;
}

/** The first of `likely` with their lines, the others of `all` by name. */
export function drawFiles(likely: readonly ReadFile[], all: readonly RankedFile[], context: DrawContext): string {
  const sources = likely.filter(({ kind }) => kind === 'source');
  const detailed = (sources.length > 0 ? sources : likely).slice(0, DETAILED);
  const blocks: string[] = [];
  const drawn = new Set<string>();
  let left = MAP_CHARS;
  for (const [index, file] of detailed.entries()) {
    const block = drawFile(file, index < 3 ? LINES_OF_FIRST : LINES_OF_OTHERS, context);
    if (block.length > left) continue;
    left -= block.length + 1;
    blocks.push(block);
    drawn.add(file.path);
  }
  const documents = context.documents.slice(0, DOCUMENTS).flatMap((file) => drawDocument(file, context));
  const rest = all.filter(({ path }) => !drawn.has(path) && !documents.some((text) => text.startsWith(`${path} `)));
  return [
    ...blocks,
    ...documents,
    ...namedOnly('Tests that name it (on so many lines)', rest.filter(({ kind }) => kind === 'test').slice(0, 5)),
    ...namedOnly('Also (names on so many lines)', rest.filter(({ kind }) => kind !== 'test').slice(0, NAMED)),
  ].join('\n');
}

/** One line of paths, each with the number of lines that hold a name. */
function namedOnly(title: string, files: readonly RankedFile[]): string[] {
  if (files.length === 0) return [];
  const linesOf = ({ uses }: RankedFile): number => new Set([...uses.values()].flat()).size;
  return [`${title}: ${files.map((file) => `${file.path} (${linesOf(file)})`).join(', ')}`];
}

function drawFile(file: ReadFile, most: number, context: DrawContext): string {
  const tests = context.testsOf(file.path);
  const head = `${file.path} (${file.lines.length} lines${tests.length === 0 ? '' : `; tests: ${tests.join(', ')}`})`;
  if (context.shown.has(file.path)) return `${head}: shown whole below`;
  return [head, ...outline(file, most, context).map(({ line, text }) => `  ${line}: ${text}`)].join('\n');
}

/** Whether a file is prose with headings. */
export const isDocument = ({ path }: Pick<ReadFile, 'path'>): boolean => /\.(md|mdx|rst|adoc)$/i.test(path);

/** Headings of a document under which names stand, those with the most telling ones. */
function drawDocument(file: ReadFile, { worth }: DrawContext): string[] {
  const values = new Map<number, number>();
  for (const [name, lines] of file.exact) {
    for (const line of lines) {
      const heading = headingAbove(file.lines, line);
      if (heading > 0) values.set(heading, (values.get(heading) ?? 0) + (worth[name] ?? 0));
    }
  }
  const best = [...values].sort(([a, x], [b, y]) => y - x || a - b).slice(0, HEADINGS);
  if (best.length === 0) return [];
  const lines = best.map(([line]) => line).sort((a, b) => a - b);
  const headings = lines.map((line) => `${line}: ${shownLine(file.lines[line - 1] ?? '')}`);
  return [`${file.path} (${file.lines.length} lines), sections with a name:\n  ${headings.join('\n  ')}`];
}

/** Line of the nearest heading at or above a line; 0 without one. A `#` in a code block may be taken for one. */
function headingAbove(lines: readonly string[], line: number): number {
  for (let at = line; at > 0; at--) if (/^(#{1,6}|=+) \S/.test(lines[at - 1] ?? '')) return at;
  return 0;
}

/** Definitions that fit a name, then lines that use one, then what else is defined: the best `most`, in order of lines. */
function outline(file: ReadFile, most: number, { names, worth }: DrawContext): { line: number; text: string }[] {
  const chosen = new Map<number, { line: number; text: string; value: number }>();
  const add = (line: number, text: string, value: number): void => {
    if (value > (chosen.get(line)?.value ?? -1)) chosen.set(line, { line, text, value });
  };
  for (const definition of file.definitions) {
    const fit = Math.max(0, ...names.map((name, index) => fitOf(definition, name) * (worth[index] ?? 0)));
    add(definition.line, definition.text, fit > 0 ? 2 * fit : definition.indent === 0 ? 0.02 : 0.01);
  }
  for (const [name, lines] of file.uses) {
    // The first uses tell where a name comes in; the tenth tells nothing new.
    for (const [nth, line] of lines.entries()) {
      const text = shownLine(file.lines[line - 1] ?? '');
      const telling = (file.exact.get(name)?.has(line) === true ? 1 : 0.3) * (TELLS_LITTLE.test(text) ? 0.3 : 1);
      if (text.length > 2) add(line, text, ((worth[name] ?? 0) * telling) / (1 + nth / 2));
    }
  }
  const best = [...chosen.values()].sort((a, b) => b.value - a.value || a.line - b.line).slice(0, most);
  return best.sort((a, b) => a.line - b.line);
}
