// Finds a block of lines whose indentation differs from what was asked for only as a whole, and indents the replacement
// the way the file does it.
import type { Match } from './match.ts';
import { alignIndents, type IndentMap, reindent } from './indentation.ts';
import { normaliseText } from './normalise-text.ts';

interface Line {
  readonly start: number;
  /** Before the line end. */
  readonly end: number;
  /** After the line end. */
  readonly next: number;
  readonly indent: string;
  /** Normalised, without the blanks around it. */
  readonly body: string;
}

/** Places where the lines of `oldString` stand with another indentation, deeper and shallower in the same order. */
export function findIndented(source: string, oldString: string, newString: string): readonly Match[] {
  const wanted = linesOf(oldString);
  const lines = linesOf(source);
  if (wanted.every((line) => line.body === '')) return [];
  const endsLine = oldString.endsWith('\n');
  const matches: Match[] = [];
  for (let first = 0; first + wanted.length <= lines.length; first += 1) {
    const indents = align(wanted, lines, first);
    const start = lines[first];
    const last = lines[first + wanted.length - 1];
    if (indents === null || start === undefined || last === undefined) continue;
    const replacement = reindent(newString, indents);
    if (replacement === null) continue;
    matches.push({ start: start.start, end: endsLine ? last.next : last.end, replacement });
  }
  return matches;
}

function align(wanted: readonly Line[], lines: readonly Line[], first: number): IndentMap | null {
  const pairs: { from: string; to: string }[] = [];
  for (const [index, line] of wanted.entries()) {
    const there = lines[first + index];
    if (there?.body !== line.body) return null;
    if (line.body !== '') pairs.push({ from: line.indent, to: there.indent });
  }
  return alignIndents(pairs);
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  for (const match of text.matchAll(/([^\n]*?)(\r?\n|$)/g)) {
    const [whole, content = ''] = match;
    if (whole === '' && match.index === text.length) break;
    const indent = /^[^\S\r\n]*/.exec(content)?.[0] ?? '';
    const end = match.index + content.length;
    const body = normaliseText(content).trim();
    lines.push({ start: match.index, end, next: match.index + whole.length, indent, body });
  }
  return lines;
}
