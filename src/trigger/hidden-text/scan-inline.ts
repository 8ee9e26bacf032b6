// Reads running text from left to right as Markdown does (CommonMark 0.31, 6): code, HTML, links and pictures, whichever
// begins first. Linear: nothing is read again more than a fixed number of times.
import { codeSpanEnds } from './code-spans.ts';
import { commentAt, declarationAt, seekIn } from './cut-html.ts';
import { cutImage, cutLink } from './cut-link.ts';
import { cutPhantoms } from './cut-phantoms.ts';
import { cutTag } from './cut-tag.ts';
import { cutOf, type Cut, type Range } from './cuts.ts';
import { labelAt, linkTailAt, normalLabel } from './link-parts.ts';
import { behind, readTag } from './read-tag.ts';

export interface InlineText {
  readonly cuts: readonly Cut[];
  /** What a page shows as it stands. */
  readonly code: readonly Range[];
  /** Labels of the definitions and footnotes that are referred to. */
  readonly links: ReadonlySet<string>;
  readonly footnotes: ReadonlySet<string>;
}

interface Bracket {
  readonly at: number;
  readonly isImage: boolean;
  /** False once another bracket opened inside: what holds brackets is no label. */
  isLabel: boolean;
}

interface Reading {
  readonly text: string;
  readonly addresses: ReadonlyMap<string, string>;
  readonly cuts: Cut[];
  readonly code: Range[];
  readonly links: Set<string>;
  readonly footnotes: Set<string>;
  readonly brackets: Bracket[];
  /** Brackets below this are before a link, and so open none: links hold no links. */
  linksFrom: number;
  /** How much was read of what proved to be no tag. */
  inVain: number;
  readonly seek: ReturnType<typeof seekIn>;
  readonly spanEnd: ReturnType<typeof codeSpanEnds>;
}

/** False for plain words, which need not be read. */
export const mayHide = (text: string): boolean => /[\\`<[]/.test(text);

/** @param addresses of all definitions of the text, by label */
export function scanInline(text: string, addresses: ReadonlyMap<string, string>): InlineText {
  const reading: Reading = {
    ...{ text, addresses, cuts: [], code: [], brackets: [], linksFrom: 0, inVain: 0 },
    links: new Set(),
    footnotes: new Set(),
    seek: seekIn(text),
    spanEnd: codeSpanEnds(text),
  };
  const special = /[\\`<[\]!]/g;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    special.lastIndex = readers[found[0]]?.(found.index, reading) ?? found.index + 1;
  }
  return reading;
}

/** What to do at a character; the index at which reading goes on. */
const readers: Readonly<Record<string, (at: number, reading: Reading) => number>> = {
  '\\': readEscape,
  '`': readBackticks,
  '<': readAngle,
  '!': (at, reading) => (reading.text[at + 1] === '[' ? openBracket(at, true, reading) : at + 1),
  '[': (at, reading) => openBracket(at, false, reading),
  ']': closeBracket,
};

function readEscape(at: number, { text, cuts }: Reading): number {
  const phantom = cutPhantoms(text, at);
  if (phantom !== null) {
    cuts.push(phantom);
    return phantom.end;
  }
  return at + (/[!-/:-@[-`{-~]/.test(text[at + 1] ?? '') ? 2 : 1);
}

function readBackticks(at: number, { text, code, spanEnd }: Reading): number {
  const opened = behind(/`+/y, text, at) ?? at + 1;
  const end = spanEnd(at, opened - at);
  if (end === null) return opened;
  code.push({ start: at, end });
  return end;
}

function readAngle(at: number, reading: Reading): number {
  const { text, seek, cuts } = reading;
  const html = commentAt(text, at, seek) ?? declarationAt(text, at, seek);
  if (html !== null) {
    // An open comment ends with its paragraph at the latest.
    if (html.cut !== null) cuts.push({ ...html.cut, end: html.end });
    return html.end;
  }
  const end = tagEndAt(at, reading) ?? behind(autolink, text, at);
  return end ?? at + 1;
}

const autolink = /<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,253})>/iy;

function tagEndAt(at: number, reading: Reading): number | null {
  const { text, cuts } = reading;
  // Only a text that is made for it gets here: a sign that begins so many tags and none.
  if (reading.inVain > maxInVain(text)) {
    cuts.push({ start: at, end: at + 1, instead: '', removed: { kind: 'markup without end', text: '<' } });
    return at + 1;
  }
  const tag = readTag(text, at);
  if (!('end' in tag)) {
    reading.inVain += tag.failedAt - at;
    return null;
  }
  const cut = cutTag(text, at, tag.end);
  if (cut !== null) cuts.push(cut);
  return tag.end;
}

const maxInVain = (text: string): number => 4 * text.length + 10_000;

function openBracket(at: number, isImage: boolean, { brackets }: Reading): number {
  const outer = brackets.at(-1);
  if (outer !== undefined) outer.isLabel = false;
  brackets.push({ at, isImage, isLabel: true });
  return at + (isImage ? 2 : 1);
}

function closeBracket(at: number, reading: Reading): number {
  const { text, brackets } = reading;
  const bracket = brackets.pop();
  if (bracket === undefined) return at + 1;
  const isOff = !bracket.isImage && brackets.length < reading.linksFrom;
  reading.linksFrom = Math.min(reading.linksFrom, brackets.length);
  if (isOff) return at + 1;
  const inner = { start: bracket.at + (bracket.isImage ? 2 : 1), end: at };
  const end = readTail(bracket, inner, at + 1, reading);
  if (end === null) return noteFootnote(text.slice(inner.start, Math.min(at, inner.start + 1000)), at, reading);
  if (!bracket.isImage) reading.linksFrom = brackets.length;
  return end;
}

/** What makes a link or a picture of the text in brackets; null when nothing does. */
function readTail({ at, isImage, isLabel }: Bracket, inner: Range, behindIt: number, reading: Reading): number | null {
  const { text, cuts, links, addresses } = reading;
  const tail = text[behindIt] === '(' ? linkTailAt(text, behindIt) : null;
  if (tail !== null) {
    cuts.push(...(isImage ? cutImage(text, { at, inner, tail }) : cutLink(text, inner, tail)));
    return tail.end;
  }
  const reference = referenceAt(inner, behindIt, isLabel, reading);
  if (reference === null) return null;
  const { label, end } = reference;
  if (isImage) cuts.push(...cutImage(text, { at, inner, tail: null, end }));
  else if (end > behindIt + 2 && !plainLabel.test(label)) {
    // The address stands for a label that nobody sees; its definition is of no more use then.
    cuts.push(cutOf('link label', text, { start: behindIt, end }, `(${addresses.get(label) ?? ''})`));
  } else links.add(label);
  return end;
}

/** Labels that are no message. */
const plainLabel = /^[\w.-]{1,24}$/;

function referenceAt(inner: Range, behindIt: number, isLabel: boolean, { text, addresses }: Reading) {
  const second = text[behindIt] === '[' ? labelAt(text, behindIt) : null;
  if (second !== null) return addresses.has(second.label) ? second : null;
  if (!isLabel || inner.end - inner.start > 999) return null;
  const label = normalLabel(text.slice(inner.start, inner.end));
  const end = text.startsWith('[]', behindIt) ? behindIt + 2 : behindIt;
  return addresses.has(label) ? { label, end } : null;
}

function noteFootnote(inner: string, at: number, { footnotes }: Reading): number {
  if (inner.startsWith('^')) footnotes.add(normalLabel(inner.slice(1)));
  return at + 1;
}
