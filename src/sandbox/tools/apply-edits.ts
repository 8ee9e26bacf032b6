// Applies a list of replacements to a text: all of them or none. Pure.
import { closestRegion, placesAt } from './closest-region.ts';
import { findText, type MatchWay } from './find-text.ts';
import type { Match } from './match.ts';
import { Refusal } from './refusal.ts';
import { byteOrderMark, mainLineEnd } from './text-form.ts';

export interface Edit {
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean | undefined;
}

export interface EditedText {
  readonly text: string;
  /** How each edit's place was found. */
  readonly ways: readonly MatchWay[];
}

/**
 * The text after all edits, each seeing the ones before it. Keeps the byte order mark, the line ends and the final
 * newline of the text. Throws a Refusal, which names the edit, for one that does not match exactly once.
 */
export function applyEdits(source: string, edits: readonly Edit[]): EditedText {
  const mark = source.startsWith(byteOrderMark) ? byteOrderMark : '';
  const original = source.slice(mark.length);
  const lineEnd = mainLineEnd(original);
  const endsLine = original.endsWith('\n');
  // A last line without its end is matched as if it had one; the end is taken off again below.
  let text = endsLine || original === '' ? original : original + lineEnd;
  const ways: MatchWay[] = [];
  for (const [index, edit] of edits.entries()) {
    const label = edits.length === 1 ? '' : `edits[${String(index)}]: `;
    const applied = applyEdit(text, edit, lineEnd, label);
    text = applied.text;
    ways.push(applied.way);
  }
  return { text: mark + withFinalNewline(text, endsLine, lineEnd), ways };
}

function applyEdit(text: string, edit: Edit, lineEnd: string, label: string): { text: string; way: MatchWay } {
  const oldString = edit.old_string.replace(/\r?\n/g, lineEnd);
  const newString = edit.new_string.replace(/\r\n/g, '\n');
  if (oldString === '') throw new Refusal(`${label}old_string is empty. Name the text to replace, or use \`write\`.`);
  if (edit.old_string === edit.new_string) throw new Refusal(`${label}old_string and new_string are the same.`);
  const found = findText(text, oldString, newString);
  if (found === null) throw new Refusal(label + notFound(text, edit));
  const matches = edit.replace_all === true ? withoutOverlap(found.matches) : found.matches;
  if (matches.length > 1 && edit.replace_all !== true) throw new Refusal(label + ambiguous(text, matches));
  return { text: replaceAll(text, matches, lineEnd), way: found.way };
}

function replaceAll(text: string, matches: readonly Match[], lineEnd: string): string {
  let result = '';
  let position = 0;
  for (const { start, end, replacement } of matches) {
    const own = /\r?\n/.exec(text.slice(start, end))?.[0] ?? lineEnd;
    result += text.slice(position, start) + replacement.replace(/\n/g, own);
    position = end;
  }
  return result + text.slice(position);
}

function withoutOverlap(matches: readonly Match[]): readonly Match[] {
  const kept: Match[] = [];
  for (const match of matches) if (match.start >= (kept.at(-1)?.end ?? 0)) kept.push(match);
  return kept;
}

function withFinalNewline(text: string, endsLine: boolean, lineEnd: string): string {
  if (endsLine) return text === '' || text.endsWith('\n') ? text : text + lineEnd;
  return text.endsWith('\n') ? text.replace(/\r?\n$/, '') : text;
}

function notFound(text: string, edit: Edit): string {
  const done = edit.new_string.length > 10 && text.includes(edit.new_string) ? ' new_string is already there.' : '';
  const region = closestRegion(text, edit.old_string);
  return (
    `old_string was not found (0 matches, also with differences in blanks, indentation, quotes and dashes ignored).${done} ` +
    `Closest lines:\n${region}`
  );
}

function ambiguous(text: string, matches: readonly Match[]): string {
  const indexes = matches.map(({ start }) => text.slice(0, start).split('\n').length - 1);
  const lines = indexes.slice(0, 10).map((index) => String(index + 1));
  const rest = indexes.length > lines.length ? ', ...' : '';
  return (
    `old_string matches ${String(matches.length)} times (lines ${lines.join(', ')}${rest}). Add lines around it until it is ` +
    `unique, or set replace_all.\n${placesAt(text, indexes)}`
  );
}
