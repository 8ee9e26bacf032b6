// Applies a list of replacements to a text: all of them or none. Pure.
import { closestRegion, placesAt } from './closest-region.ts';
import { type Found, findText, type MatchWay } from './find-text.ts';
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
 * newline of the text. Throws a Refusal, which names the edit, for one that does not match exactly once, and for one
 * whose place in the original text another edit has changed: which of the two was meant, cannot be told.
 */
export function applyEdits(source: string, edits: readonly Edit[]): EditedText {
  const mark = source.startsWith(byteOrderMark) ? byteOrderMark : '';
  const original = source.slice(mark.length);
  const lineEnd = mainLineEnd(original);
  const endsLine = original.endsWith('\n');
  // A last line without its end is matched as if it had one; the end is taken off again below.
  const whole = endsLine || original === '' ? original : original + lineEnd;
  let draft: Draft = { text: whole, written: ' '.repeat(whole.length) };
  const ways: MatchWay[] = [];
  for (const [index, edit] of edits.entries()) {
    const label = edits.length === 1 ? '' : `edits[${String(index)}]: `;
    const oldString = edit.old_string.replace(/\r?\n/g, lineEnd);
    const wasThere = whole.includes(oldString);
    const overlap = new Refusal(`${label}it overlaps an edit before it in this call. Make them one edit.`);
    if (wasThere && oldString !== '' && !draft.text.includes(oldString)) throw overlap;
    const { matches, way } = findPlaces(draft.text, oldString, edit, label);
    if (wasThere && matches.some((match) => isWritten(draft, match))) throw overlap;
    draft = replaceAll(draft, matches, lineEnd);
    ways.push(way);
  }
  return { text: mark + withFinalNewline(draft.text, endsLine, lineEnd), ways };
}

/** A text, and a text of the same length with a mark for each character that an edit wrote. */
interface Draft {
  readonly text: string;
  readonly written: string;
}

const isWritten = ({ written }: Draft, { start, end }: Match): boolean => written.slice(start, end).includes('w');

function findPlaces(text: string, oldString: string, edit: Edit, label: string): Found {
  const newString = edit.new_string.replace(/\r\n/g, '\n');
  if (oldString === '') throw new Refusal(`${label}old_string is empty. Name the text to replace, or use \`write\`.`);
  if (edit.old_string === edit.new_string) throw new Refusal(`${label}old_string and new_string are the same.`);
  const found = findText(text, oldString, newString);
  if (found === null) throw new Refusal(label + notFound(text, edit));
  const matches = edit.replace_all === true ? withoutOverlap(found.matches) : found.matches;
  if (matches.length > 1 && edit.replace_all !== true) throw new Refusal(label + ambiguous(text, matches));
  return { way: found.way, matches };
}

function replaceAll({ text, written }: Draft, matches: readonly Match[], lineEnd: string): Draft {
  let result = '';
  let marks = '';
  let position = 0;
  for (const { start, end, replacement } of matches) {
    const old = text.slice(start, end);
    const fresh = replacement.replace(/\n/g, /\r?\n/.exec(old)?.[0] ?? lineEnd);
    const same = commonEnds(old, fresh);
    const changed = 'w'.repeat(fresh.length - same.head - same.tail);
    result += text.slice(position, start) + fresh;
    marks += written.slice(position, start + same.head) + changed + written.slice(end - same.tail, end);
    position = end;
  }
  return { text: result + text.slice(position), written: marks + written.slice(position) };
}

/** Characters at the start and the end that two texts share: context, which an edit only repeats. */
function commonEnds(a: string, b: string): { readonly head: number; readonly tail: number } {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return { head, tail };
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
