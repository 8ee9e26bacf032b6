// Names that a request uses, worth looking up in the code: what stands in backquotes first, plain words last.
import { isBuiltIn, isCommon } from './common-words.ts';
import { nameParts, needlesOf } from './name-parts.ts';
import { requestTexts, type Request } from './request-text.ts';
import { spanNames } from './span-names.ts';

export interface RequestName {
  /** As the request writes it. */
  readonly name: string;
  /** How code may write it, in lower case: the name, and joined, snake and kebab case of its parts. */
  readonly needles: readonly string[];
  /** How telling it is by the way it was written. */
  readonly weight: number;
  /** A common word that the request calls or calls something on: it stands everywhere, and is defined in one place. */
  readonly isOnlyDefined: boolean;
}

/** Looking up more names costs time and blurs the ranking. */
const MAX_NAMES = 24;
/** Plain words of body and code are looked up only where fewer names than this stand out. */
const FEW = 4;
const MAX_PROSE = 8;

/** By the way of writing; backquotes and shape outweigh any number of plain words. Set by looking at real issues. */
const WEIGHT = { quoted: 3, shaped: 2, message: 2, code: 1.2, acronym: 1.2, title: 1, prose: 0.4, usual: 0.4 } as const;
/** What a name gains by standing in the title in backquotes or in its own shape: it is what the request is about. */
const IN_TITLE = 1;
/** Of the weight of `Option.helpGroup`, what its last part has, and what its owner has, which many requests name. */
const MEMBER = 0.8;
const OWNER = 0.4;

/** How a request uses a name: a member may be called as a common word is, and an owner stands where its members do. */
type Use = 'word' | 'member' | 'owner';
type Add = (name: string, weight: number, use?: Use) => void;

/** Names, most telling first; none for a request without names and without long words. */
export function requestNames(request: Request): RequestName[] {
  const found = new Map<string, { name: string; weight: number; isOnlyDefined: boolean }>();
  const add: Add = (name, weight, use = 'word') => {
    const trimmed = name.replace(/^[-.$]+|[-.]+$/g, '');
    const key = nameParts(trimmed).join('');
    const lower = trimmed.toLowerCase();
    if (key.length < 2 || (use === 'word' && isCommon(lower))) return;
    const isOnlyDefined = use === 'owner' || isCommon(lower);
    const before = found.get(key);
    if (before === undefined) found.set(key, { name: trimmed, weight, isOnlyDefined });
    // Said twice, it matters a little more, however it was said first.
    else {
      before.weight = Math.max(before.weight, weight) + 0.1;
      before.isOnlyDefined &&= isOnlyDefined;
    }
  };
  const { title, prose, code } = requestTexts(request);
  addNames(title, (name, weight, use) => add(name, weight + IN_TITLE, use));
  addNames(prose, add);
  for (const [name] of code.matchAll(/[A-Za-z_$][\w$]{3,40}/g)) if (isShaped(name)) add(name, WEIGHT.code);
  for (const [word] of title.matchAll(/\b[A-Za-z][\w-]{4,}/g)) add(word, WEIGHT.title);
  const standing = [...found.values()].filter(({ isOnlyDefined }) => !isOnlyDefined).length;
  if (standing < FEW) for (const word of frequentWords(`${prose.replace(SPAN, ' ')}\n${code}`)) add(word, WEIGHT.prose);
  return [...found.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_NAMES)
    .map((one) => ({ ...one, needles: needlesOf(one.name, one.weight < WEIGHT.code) }));
}

function addNames(text: string, add: Add): void {
  addQuoted(text, add);
  addShaped(text, add);
}

function addQuoted(text: string, add: Add): void {
  for (const [, inner = ''] of text.matchAll(SPAN)) {
    // A message or title in backquotes stands in the code as it is.
    if (/^[A-Za-z][\w ]+$/.test(inner) && inner.includes(' ')) add(inner, WEIGHT.quoted);
    for (const { name, share, isMember } of spanNames(inner)) {
      addDotted(name, WEIGHT.quoted * share, add, isMember ? 'member' : 'word');
    }
  }
  for (const [, words = ''] of text.matchAll(/["\u201c]([A-Za-z][^"\u201d\n]{6,60}[\w.])["\u201d]/g)) {
    if (words.includes(' ')) add(words, WEIGHT.message);
  }
  for (const [, label = ''] of text.matchAll(/["\u201c]([A-Za-z][\w -]{1,40}:)["\u201d]/g)) add(label, WEIGHT.message);
}

/** `Option.helpGroup` is looked up whole, by its last part and by its owner; of a file name the end is no name. */
function addDotted(name: string, weight: number, add: Add, use: Use = 'word'): void {
  const file = /^(.+)\.[a-z]{1,4}$/.exec(name);
  const last = name.slice(name.lastIndexOf('.') + 1);
  const [owner = ''] = name.split('.');
  if (isBuiltIn(name)) return;
  add(name, weight, use);
  if (file?.[1] !== undefined && EXTENSIONS.has(last)) add(file[1], weight * 0.6);
  else if (last !== name) {
    add(last, weight * (use === 'member' ? 1 : MEMBER), use);
    if (/^[A-Z][a-z]/.test(owner)) add(owner, weight * OWNER, 'owner');
  }
}

function addShaped(text: string, add: Add): void {
  const shapes =
    /\b(?:[a-z][a-z0-9]*[A-Z]\w*|[A-Z][a-z0-9]+[A-Z]\w*|[A-Za-z0-9]+_\w+|[\w-]+\.(?:[a-z]{2,4}|[chr])\b)|--[a-z][\w-]+/g;
  for (const [name] of text.matchAll(shapes)) addDotted(name, WEIGHT.shaped, add);
  for (const [name] of text.matchAll(/\b[A-Z][A-Z0-9]{2,}\b/g))
    add(name, USUAL.test(name) ? WEIGHT.usual : WEIGHT.acronym);
}

const isShaped = (name: string): boolean => /[a-z][A-Z]|\w_\w/.test(name);

function frequentWords(text: string): string[] {
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(/\b[a-z][\w-]{4,}/g)) {
    if (!isCommon(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_PROSE)
    .map(([word]) => word);
}

/** What stands between backquotes on one line; longer ones are no names with what is handed to them. */
const SPAN = /`([^`\n]{1,160})`/g;
/** Acronyms that stand in any code. */
const USUAL = /^(URLS?|URI|HTTPS?|API|JSON|HTML|CSS|XML|RFC|UTF|CLI|TODO|README|NOTE)$/;

const EXTENSIONS = new Set(
  'ts tsx js jsx mjs cjs mts cts py go rs rb php java kt c h cc cpp hpp cs json yml yaml md css html vue txt sh toml xml'.split(
    ' ',
  ),
);
