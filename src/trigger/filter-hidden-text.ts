// Takes out of untrusted text what a reader of the page would not have seen. It lowers the rate of hidden
// instructions; it is no wall: nothing that reads the result holds a credential.
import { cleanCharacters } from './hidden-text/clean-characters.ts';
import type { HiddenKind, Removed } from './hidden-text/cuts.ts';
import { describeRemoved } from './hidden-text/describe-removed.ts';
import { removeHidden } from './hidden-text/remove-hidden.ts';
import type { HiddenText } from '../types.ts';

/** The longest text of one field, in bytes of UTF-8; GitHub's own limit for a body is 65,536 characters. */
export const maxFieldBytes = 64 * 1024;
/**
 * The longest that is read at all, in bytes: as much as 65,536 characters can be. It is cut after filtering, since a cut
 * through something hidden would bring its first half to light.
 */
const maxReadBytes = 4 * maxFieldBytes;

export interface FilteredText {
  readonly text: string;
  /** UTF-16 units that were removed; what the length limit cut off is not counted, it is said in the text. */
  readonly hiddenCharacters: number;
  readonly removed: readonly Removed[];
}

/** Readings after which a text still changes that does nothing but change: everything that could be markup goes then. */
const maxReadings = 6;

/**
 * Filters one field of Markdown as GitHub draws it, until nothing hidden is found any more: filtering the result again
 * changes nothing. Linear in its length. Code stays as it is but for characters that nobody sees.
 */
export function filterHiddenText(raw: string, maxBytes = maxFieldBytes): FilteredText {
  const removed: Removed[] = [];
  const onRemoved = (one: Removed): void => void removed.push(one);
  let text = withPlainLines(cutTo(raw, Math.max(maxReadBytes, maxBytes)));
  for (let reading = 1; ; reading += 1) {
    const before = text;
    text = cutTo(removeHidden(text, onRemoved), maxBytes);
    if (text === before) return filtered(text, removed);
    if (reading % maxReadings === 0) text = dropMarkup(text, onRemoved);
  }
}

/** Filters a text that is shown as it is written, as a title: only characters that nobody sees go. */
export function filterPlainText(raw: string, maxBytes = maxFieldBytes): FilteredText {
  const removed: Removed[] = [];
  const onRemoved = (one: Removed): void => void removed.push(one);
  let text = withPlainLines(cutTo(raw, maxBytes));
  for (let before = ''; text !== before;) {
    before = text;
    text = cutTo(cleanCharacters(text.normalize('NFC'), onRemoved), maxBytes);
  }
  return filtered(text, removed);
}

const withPlainLines = (text: string): string => text.replace(/\r\n?/g, '\n');

const filtered = (text: string, removed: readonly Removed[]): FilteredText => ({
  text,
  removed,
  hiddenCharacters: removed.reduce((sum, one) => sum + one.text.length, 0),
});

function dropMarkup(text: string, onRemoved: (removed: Removed) => void): string {
  const markup = /[<[\]`~|&\\%]+/g;
  onRemoved({ kind: 'markup without end', text: text.match(markup)?.join('') ?? '' });
  return text.replace(markup, '');
}

/** Characters of hidden text that are kept to be shown. */
const maxShown = 4000;

/** What all texts of a request hid: characters by kind, most first, and the texts themselves. */
export function summarizeHidden(removed: readonly Removed[]): HiddenText {
  const counts = new Map<HiddenKind, number>();
  for (const { kind, text } of removed) counts.set(kind, (counts.get(kind) ?? 0) + text.length);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return { byClass: Object.fromEntries(sorted), text: describeRemoved(removed, maxShown) };
}

/** Cuts to so many bytes at a whole character, a notice of it included. */
function cutTo(text: string, maxBytes: number): string {
  // No character has more than three bytes a UTF-16 unit.
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const notice = `\n[Cut here: longer than ${String(Math.floor(maxBytes / 1024))} KB.]`;
  const bytes = Buffer.from(text.slice(0, maxBytes)).subarray(0, Math.max(0, maxBytes - notice.length));
  // The last character may have been cut in two; its first half reads as a replacement character.
  return bytes.toString('utf8').replace(/\uFFFD$/, '') + notice;
}
