// Names that a request uses, worth looking up in the code: what stands in backquotes first, plain words last.
import type { Issue } from '../../types.ts';

export interface RequestName {
  /** As the request writes it. */
  readonly name: string;
  /** How code may write it, in lower case: the name, and joined, snake and kebab case of its parts. */
  readonly needles: readonly string[];
  /** How telling it is by the way it was written. */
  readonly weight: number;
}

export type Request = Pick<Issue, 'title' | 'body' | 'instructions'> & Partial<Pick<Issue, 'comments'>>;

/** Looking up more names costs time and blurs the ranking. */
const MAX_NAMES = 24;
/** Plain words of body and code are looked up only where fewer names than this stand out. */
const FEW = 4;
const MAX_PROSE = 8;
/** Characters of a request that are read for names; a pasted log has no better ones further down. */
const MAX_TEXT = 20_000;

/** By the way of writing; backquotes and shape outweigh any number of plain words. Set by looking at real issues. */
const WEIGHT = { quoted: 3, shaped: 2, message: 2, code: 1.2, acronym: 1.2, title: 1, prose: 0.4, usual: 0.4 } as const;
/** What a name gains by standing in the title in backquotes or in its own shape: it is what the request is about. */
const IN_TITLE = 1;

/** Names, most telling first; none for a request without names and without long words. */
export function requestNames(request: Request): RequestName[] {
  const found = new Map<string, { name: string; weight: number }>();
  const add = (name: string, weight: number): void => {
    const trimmed = name.replace(/^[-.$]+|[-.]+$/g, '');
    const key = parts(trimmed).join('');
    if (key.length < 2 || COMMON.has(trimmed.toLowerCase())) return;
    const before = found.get(key);
    if (before === undefined) found.set(key, { name: trimmed, weight });
    // Said twice, it matters a little more, however it was said first.
    else before.weight = Math.max(before.weight, weight) + 0.1;
  };
  const { title, prose, code } = textsOf(request);
  const addOfTitle: Add = (name, weight) => add(name, weight + IN_TITLE);
  for (const [text, put] of [
    [title, addOfTitle],
    [prose, add],
  ] as const) {
    addQuoted(text, put);
    addShaped(text, put);
  }
  for (const [name] of code.matchAll(/[A-Za-z_$][\w$]{3,40}/g)) if (isShaped(name)) add(name, WEIGHT.code);
  for (const [word] of title.matchAll(/\b[A-Za-z][\w-]{4,}/g)) add(word, WEIGHT.title);
  if (found.size < FEW) for (const word of frequentWords(`${prose}\n${code}`)) add(word, WEIGHT.prose);
  return [...found.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_NAMES)
    .map(({ name, weight }) => ({ name, weight, needles: needlesOf(name, weight < WEIGHT.code) }));
}

/** Longer runs without a blank are no names (keys, encoded data), and could be made to slow a pattern down. */
const LONG_RUN = /\S{300,}/g;

/** Text of a request as far as it is read for names: title, instructions, body, comments. */
export function requestText({ title, body, instructions, comments }: Request): string {
  const all = [title, instructions, body, ...(comments ?? []).map((comment) => comment.body)].join('\n');
  return all.slice(0, MAX_TEXT).replace(LONG_RUN, ' ');
}

/** Fenced blocks apart from the rest; addresses are no names. */
function textsOf(request: Request): { title: string; prose: string; code: string } {
  const title = requestText({ title: request.title, body: '', instructions: '' });
  const text = requestText({ ...request, title: '' });
  const blocks: string[] = [];
  const prose = text.replace(/^ *(```|~~~)[^\n]*\n([\s\S]*?)(\n *\1|$(?![\s\S]))/gm, (_all, _fence, block: string) => {
    blocks.push(block);
    return '\n';
  });
  const plain = (part: string): string => part.replace(/https?:\/\/\S+/g, ' ');
  return { title: plain(title), prose: plain(prose), code: plain(blocks.join('\n')) };
}

type Add = (name: string, weight: number) => void;

function addQuoted(text: string, add: Add): void {
  for (const [, inner = ''] of text.matchAll(/`([^`\n]{1,80})`/g)) {
    // A message or title in backquotes stands in the code as it is.
    if (/^[A-Za-z][\w ]+$/.test(inner) && inner.includes(' ')) add(inner, WEIGHT.quoted);
    const names = (inner.match(/[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)*/g) ?? []).filter((name) => name.length > 1);
    // A whole command or expression says less of each of its words.
    for (const name of names) addDotted(name, WEIGHT.quoted / Math.sqrt(names.length), add);
  }
  for (const [, words = ''] of text.matchAll(/["\u201c]([A-Za-z][^"\u201d\n]{6,60}[\w.])["\u201d]/g)) {
    if (words.includes(' ')) add(words, WEIGHT.message);
  }
}

/** `meta.alias` is looked up whole and by its last part; of a file name the end is no name. */
function addDotted(name: string, weight: number, add: Add): void {
  const file = /^(.+)\.[a-z]{1,4}$/.exec(name);
  const last = name.slice(name.lastIndexOf('.') + 1);
  // `Promise.all` is the language's, wherever it stands.
  if (BUILT_IN.test(name)) return;
  add(name, weight);
  if (file?.[1] !== undefined && EXTENSIONS.has(last)) add(file[1], weight * 0.6);
  else if (last !== name) add(last, weight * 0.8);
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
    if (!COMMON.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_PROSE)
    .map(([word]) => word);
}

/** Parts of a name in lower case: `subCommand_name` to sub, command, name. */
function parts(name: string): string[] {
  const split = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return split
    .toLowerCase()
    .split(/[\s_$-]+/)
    .filter((part) => part !== '');
}

function needlesOf(name: string, plainWord: boolean): string[] {
  const lower = name.toLowerCase();
  if (lower.includes(' ') || lower.includes('.')) return [lower];
  // Of a plain word the singular is looked up: it is found in the plural, too.
  if (plainWord && /[^s]s$/.test(lower) && lower.length > 4) return [lower.slice(0, -1)];
  const of = parts(name);
  return [...new Set([lower, of.join(''), of.join('_'), of.join('-')])].filter((needle) => needle !== '');
}

/** Objects that a language has, with what is called on them, and errors that all code throws. */
const BUILT_IN =
  /^((Promise|Array|Object|JSON|Math|Date|Map|Set|String|Number|Boolean|Symbol|Reflect|console|process|window|document)(\.|$)|(Type|Range|Syntax|Reference|Value|Key|Runtime)Error$)/;
/** Acronyms that stand in any code. */
const USUAL = /^(URLS?|URI|HTTPS?|API|JSON|HTML|CSS|XML|RFC|UTF|CLI|TODO|README|NOTE)$/;

const EXTENSIONS = new Set(
  'ts tsx js jsx mjs cjs mts cts py go rs rb php java kt c h cc cpp hpp cs json yml yaml md css html vue'.split(' '),
);

// Words that requests have and code has everywhere: of English, of issue forms, and of programming languages.
const COMMON = new Set(
  'all an and any are as at be but by can do for get has if in is it its may no not now of off on one or out see set so the to too two up use was we you about above action actual actually added adding after again also although always another anything argument arguments array async avoid await because become before behavior behaviour being below better between boolean break breaks bug cannot change changes class code comment const could create current currently default delete describe description different does doesn each either else empty enough error every example existing expect expected export extends false feature file files first fixes following from function github have having https implement import include index instead interface into issue item just keep later lib like list made make makes many maybe message method might missing module more must name names need needed needs never new node none null number object often only option options other otherwise output package please possible private problem project prop public pull rather readme reason release report reproduce request require result return returned returns same second seems self several should show shows since some something src static steps still string such support test tests text than that their them then there these they thing this those though throws true type typeof undefined under unless until update using value values version void want wants what when where whether which while with without work working works would write written wrong'.split(
    ' ',
  ),
);
