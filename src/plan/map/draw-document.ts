// The headings of a document under which names stand: where a sentence on what changes belongs.
import { shownLine } from './definitions.ts';
import type { ReadFile } from './read-file.ts';
import { isMadeOf, type RequestWords } from './request-words.ts';

const HEADINGS = 5;

/** Files that are prose with headings, best first; before the others those that the request calls by their names. */
export function documentsOf(files: readonly ReadFile[], words: RequestWords): readonly ReadFile[] {
  const documents = files.filter(({ path }) => /\.(md|mdx|rst|adoc)$/i.test(path));
  const isCalled = ({ path }: ReadFile): boolean => isMadeOf(words, /([^/.]*)[^/]*$/.exec(path)?.[1] ?? '');
  return [...documents.filter(isCalled), ...documents.filter((file) => !isCalled(file))];
}

/** The headings with the most telling names, as one text; none where no name stands under a heading. */
export function drawDocument(file: ReadFile, worth: readonly number[]): string[] {
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
