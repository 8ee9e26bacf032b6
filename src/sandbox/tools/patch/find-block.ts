// Where a block of lines stands in a file, from strict to tolerant. A tolerant way is tried only when the stricter ones
// find nothing; none of them guesses by similarity.
import { alignIndents, type IndentMap } from '../indentation.ts';
import { normaliseText } from '../normalise-text.ts';

export interface Block {
  /** Index of its first line. */
  readonly start: number;
  /** How its indents stand in the file; null where they are the same. */
  readonly indents: IndentMap | null;
}

/** Which of the places found may be the one. */
export type Choice = (found: readonly Block[]) => readonly Block[];

interface Way {
  readonly form: (line: string) => string;
  /** Whether lines may be indented otherwise, as a whole. */
  readonly mayShift: boolean;
}

const normalised = (line: string): string => normaliseText(line).trim();

const ways: readonly Way[] = [
  { form: (line) => line, mayShift: false },
  { form: (line) => line.trimEnd(), mayShift: false },
  { form: (line) => line.trim(), mayShift: true },
  { form: normalised, mayShift: true },
];

/** Places of a block by the strictest way that finds any which `isMeant` keeps. The block is not empty. */
export function findBlocks(lines: readonly string[], block: readonly string[], isMeant: Choice): readonly Block[] {
  for (const way of ways) {
    const meant = isMeant(placesOf(lines, block, way));
    if (meant.length > 0) return meant;
  }
  return [];
}

/** Lines equal to a text in the same ways, and at last those that contain it. */
export function findLines(lines: readonly string[], text: string, isMeant: Choice): readonly Block[] {
  const wanted = normalised(text);
  const contains = (line: string): boolean => normalised(line).includes(wanted);
  const tests = [
    ...ways.map(
      ({ form }) =>
        (line: string) =>
          form(line) === form(text),
    ),
    contains,
  ];
  for (const test of tests) {
    const meant = isMeant(lines.flatMap((line, start) => (test(line) ? [{ start, indents: null }] : [])));
    if (meant.length > 0) return meant;
  }
  return [];
}

function placesOf(lines: readonly string[], block: readonly string[], { form, mayShift }: Way): readonly Block[] {
  const formed = lines.map(form);
  const wanted = block.map(form);
  const places: Block[] = [];
  for (let start = 0; start + wanted.length <= formed.length; start += 1) {
    if (!wanted.every((line, offset) => formed[start + offset] === line)) continue;
    const indents = mayShift ? indentsAt(lines, block, start) : null;
    if (indents !== 'nested-differently') places.push({ start, indents });
  }
  return places;
}

const indentOf = (line: string): string => /^[^\S\r\n]*/.exec(line)?.[0] ?? '';

function indentsAt(
  lines: readonly string[],
  block: readonly string[],
  start: number,
): IndentMap | null | 'nested-differently' {
  const pairs = block.flatMap((line, offset) =>
    line.trim() === '' ? [] : [{ from: indentOf(line), to: indentOf(lines[start + offset] ?? '') }],
  );
  if (pairs.every(({ from, to }) => from === to)) return null;
  return alignIndents(pairs) ?? 'nested-differently';
}
