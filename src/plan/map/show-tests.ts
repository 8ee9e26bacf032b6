// The tests that belong to likely code: how they begin, one that is like the one to write, and what others there are.
import { blockEnd } from './block-end.ts';
import { numberedLine } from './show-code.ts';
import type { TestHeading } from './test-headings.ts';

export interface TestFile {
  readonly path: string;
  readonly lines: readonly string[];
  /** None of a file that holds data, or types that are checked by a compiler: nothing is shown of it. */
  readonly headings: readonly TestHeading[];
  /** Weight of the names that stand on a line, by line; 0 for none. */
  readonly worthOfLine: (line: number) => number;
}

/** Lines before the first test: imports and set-up. */
const BEGINNING = 10;
const SAMPLE = 22;
/** Of the first file, and of each other. */
const HEADINGS = 10;
const HEADINGS_OF_OTHERS = 5;
/** What the first of several files takes at most. */
const SHARE_OF_FIRST = 0.65;

/** The first file with code, all with their headings, in at most `most` characters; empty without tests. */
export function showTests(files: readonly TestFile[], most: number): string {
  const texts: string[] = [];
  let left = most;
  for (const file of files) {
    if (file.headings.length === 0) continue;
    const room = texts.length === 0 && files.length > 1 ? most * SHARE_OF_FIRST : left;
    const head = `### ${file.path} (${file.lines.length} lines)`;
    const code = texts.length === 0 ? [...beginning(file), ...sample(file)] : [];
    const list = listOf(file, texts.length === 0 ? HEADINGS : HEADINGS_OF_OTHERS);
    const short = listOf(file, HEADINGS_OF_OTHERS);
    const text = [
      [head, ...code, ...list],
      [head, ...code, ...short],
      [head, ...list],
      [head, ...short],
    ]
      .map((lines) => lines.join('\n'))
      .find((one) => one.length <= room);
    if (text === undefined) continue;
    texts.push(text);
    left -= text.length + 2;
  }
  return texts.join('\n\n');
}

function beginning({ lines, headings }: TestFile): string[] {
  const end = Math.min(BEGINNING, (headings[0]?.line ?? 1) - 1);
  return lines.slice(0, end).map((_line, index) => numberedLine(lines, index + 1).text);
}

/** The test that has most of the names, else the first: a short one of two alike. */
function sample(file: TestFile): string[] {
  const tests = file.headings
    .filter(({ isGroup }) => !isGroup)
    .map(({ line }) => ({ line, end: Math.max(line, blockEnd(file.lines, line)) }))
    .map((one) => ({ ...one, value: valueOf(file, one.line, one.end) }));
  const fitting = tests.filter(({ line, end }) => end - line < SAMPLE);
  const [best] = fitting.sort((a, b) => b.value - a.value || a.line - b.line);
  if (best === undefined) return [];
  const start = tableStart(file.lines, best.line);
  const lines = Array.from({ length: best.end - start + 1 }, (_, index) => start + index);
  return ['...', ...lines.map((line) => numberedLine(file.lines, line).text)];
}

/** Lines of a table of cases above a test that are shown: its last ones, with the decorator's end. */
const TABLE = 6;

/** First line shown of a test: of a table of cases above it (a decorator that goes over lines), the last ones. */
function tableStart(lines: readonly string[], line: number): number {
  if (!/^\s*[)\]]/.test(lines[line - 2] ?? '')) return line;
  let start = line - 1;
  while (start > 1 && line - start < TABLE && (lines[start - 2] ?? '').trim() !== '') start--;
  return start;
}

/** A heading that has a name counts more than a line inside. */
function valueOf({ worthOfLine }: TestFile, start: number, end: number): number {
  let value = 3 * worthOfLine(start);
  for (let line = start + 1; line <= end; line++) value += worthOfLine(line) / (end - start + 5);
  return value;
}

/** Headings by line; of many, groups and those with a name first. */
function listOf({ worthOfLine, headings }: TestFile, most: number): string[] {
  const valued = headings.map((heading) => ({
    ...heading,
    value: worthOfLine(heading.line) * 2 + (heading.isGroup ? 1 : 0),
  }));
  const best = [...valued].sort((a, b) => b.value - a.value || a.line - b.line).slice(0, most);
  const shown = best.sort((a, b) => a.line - b.line).map(({ line, text }) => `  ${line}: ${text}`);
  const more = headings.length - shown.length;
  if (shown.length === 0) return [];
  return [`tests by line${more > 0 ? ` (${more} more)` : ''}:`, ...shown];
}
