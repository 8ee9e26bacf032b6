// Definitions of links at the beginning of a paragraph: `[label]: address "title"`. A page shows nothing of them.
import { addressAt, labelAt, titleBehind } from './link-parts.ts';
import type { Range } from './cuts.ts';
import { behind } from './read-tag.ts';

export interface Definition extends Range {
  readonly label: string;
  readonly address: Range;
  readonly title: Range | null;
}

/** All definitions that the paragraph begins with, in order; `end` of the last lies before its line break. */
export function definitionsIn(paragraph: string): readonly Definition[] {
  const found: Definition[] = [];
  for (let at = 0; at < paragraph.length;) {
    const one = definitionAt(paragraph, at);
    if (one === null) break;
    found.push(one);
    at = one.end + 1;
  }
  return found;
}

function definitionAt(text: string, start: number): Definition | null {
  const label = labelAt(text, start);
  if (label === null || label.label === '' || text[label.end] !== ':') return null;
  const address = addressAt(text, behind(/\s*/y, text, label.end + 1) ?? label.end);
  if (address === null) return null;
  const title = titleBehind(text, address.end);
  const end = title === null ? null : lineEnd(text, title.end);
  if (end !== null) return { label: label.label, start, end, address, title };
  // What stands on a line of its own and is no title begins the paragraph.
  const short = lineEnd(text, address.end);
  return short === null ? null : { label: label.label, start, end: short, address, title: null };
}

/** Index of the line's end where only blanks come before it. */
function lineEnd(text: string, at: number): number | null {
  const end = behind(/[ \t]*(?=\n|$)/y, text, at);
  return end;
}
