// Finds the registered secrets, in any form, whole or in part: ten characters in a row of a form give it away.
import { isIgnorable, squeeze } from './ignorable.ts';
import { knownPrefixes, secretForms, tellingPart, twiceCodedForms } from './secret-forms.ts';

/** Length of the pieces of a secret that give it away. Shorter ones would hit by chance. */
const gramLength = 10;

/** Secrets shorter than this would blot out ordinary words, so they are not searched for. */
const minSecretLength = 6;

/** Below this, or of one kind of character only, it is a word that a local server takes for a key (`ollama`). */
const minTrueLength = 16;

export interface OwnRange {
  readonly from: number;
  /** Behind the last character. */
  readonly to: number;
  /** False for what is hidden but is no secret to speak of: a word in place of a key. */
  readonly isTrue: boolean;
}

/** Gives the places of a text where a secret shows, in order; they may overlap. */
export type OwnSecrets = (text: string) => readonly OwnRange[];

/** Linear in the text. @param secrets those shorter than six characters are not searched for */
export function createOwnSecrets(secrets: readonly string[]): OwnSecrets {
  const known = [...new Set(secrets.map((one) => one.trim()))].filter(({ length }) => length >= minSecretLength);
  if (known.length === 0) return () => [];
  const short = known
    .filter((secret) => squeeze(secret).length < gramLength)
    .flatMap((secret) => secretForms(secret).filter((form) => squeeze(form).length < gramLength));
  const grams = createGrams(known, secretForms);
  let twice: Grams | null = null;
  const scanTwice = (text: string): readonly OwnRange[] => scan(text, (twice ??= createGrams(known, twiceCodedForms)));
  return (text) => {
    const ranges = scan(text, grams);
    const more = [...(hasLongRun(text) ? scanTwice(text) : []), ...short.flatMap((form) => placesOf(form, text))];
    return more.length === 0 ? ranges : [...ranges, ...more].sort((a, b) => a.from - b.from);
  };
}

/** Letters, digits, + and / in a row: a secret of 32 characters or more is longer once it is coded twice, hardly a text is. */
const longRun = 56;

function hasLongRun(text: string): boolean {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // 0-9 and /, A-Z, a-z, +
    const isCoded =
      (code >= 47 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 43;
    length = isCoded ? length + 1 : 0;
    if (length === longRun) return true;
  }
  return false;
}

/** Letters and digits mixed, or both cases, and long enough: what a generator makes and nobody writes. */
function isTrueSecret(secret: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((kind) => kind.test(secret));
  return secret.length >= minTrueLength && kinds.length >= 2;
}

function placesOf(form: string, text: string): readonly OwnRange[] {
  const places: OwnRange[] = [];
  for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + form.length)) {
    places.push({ from, to: from + form.length, isTrue: false });
  }
  return places;
}

/** Hashes of all pieces, in open addressing (0: nothing); the pieces themselves are asked once a hash fits. */
interface Grams {
  readonly table: Int32Array;
  /** @param gram gives the piece that the key stands for; asked for where the key was not sure before */
  kindOf(key: number, gram: () => string): Kind | undefined;
}

/** A word is hidden and no more; a vendor's prefix is hidden only where a secret follows. */
type Kind = 'secret' | 'word' | 'prefix';

interface SecretForms {
  readonly kind: Kind;
  readonly forms: readonly string[];
}

function createGrams(secrets: readonly string[], formsOf: (secret: string) => readonly string[]): Grams {
  const all = secrets.map((secret): SecretForms => {
    const telling = tellingPart(secret);
    return { kind: isTrueSecret(telling) ? 'secret' : 'word', forms: formsOf(telling).map(squeeze) };
  });
  const prefixes = secrets.flatMap(knownPrefixes).flatMap(formsOf).map(squeeze);
  const length = all.flatMap(({ forms }) => forms).reduce((sum, form) => sum + form.length, 0);
  const table = new Int32Array(2 ** Math.ceil(Math.log2(length * 2 + 1)));
  for (const { forms } of all) for (const form of forms) addKeys(form, table);
  let kinds: ReadonlyMap<string, Kind> | null = null;
  // Keys whose pieces were compared: spares texts that repeat one piece its cost.
  const sure = new Map<number, Kind>();
  return {
    table,
    kindOf: (key, gram) => {
      const kind = sure.get(key) ?? (kinds ??= kindsOf(all, prefixes)).get(gram());
      if (kind !== undefined) sure.set(key, kind);
      return kind;
    },
  };
}

function kindsOf(all: readonly SecretForms[], prefixes: readonly string[]): ReadonlyMap<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const { kind, forms } of all) {
    for (const gram of forms.flatMap(gramsOf)) kinds.set(gram, kinds.get(gram) === 'secret' ? 'secret' : kind);
  }
  for (const gram of prefixes.flatMap(gramsOf)) kinds.set(gram, 'prefix');
  return kinds;
}

const gramsOf = (form: string): readonly string[] =>
  Array.from({ length: Math.max(0, form.length - gramLength + 1) }, (_none, i) => form.slice(i, i + gramLength));

// A cyclic polynomial: the next piece's hash is this one's, turned by a bit, with one character out and one in. It takes
// shifts alone, as the hashes of all forms are made at each start of a run, before anything is compiled.

/** What a character is worth, by its low byte; and the same turned by the length of a piece, to take it out again. */
const worth = new Int32Array(256);
const worthOut = new Int32Array(256);
for (let i = 0, value = 1; i < 256; i++) {
  // Steps of a generator with a full period (Numerical Recipes' constants): any values that differ will do.
  value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
  worth[i] = value;
  worthOut[i] = (value << gramLength) | (value >>> (32 - gramLength));
}

/** 0 is the empty place of the table. */
const keyOf = (hash: number): number => (hash === 0 ? 1 : hash);

/** Where the key lies in the table, or the empty place where it would. */
function placeOf(key: number, table: Int32Array): number {
  const mask = table.length - 1;
  let at = (key ^ (key >>> 15)) & mask;
  while (table[at] !== 0 && table[at] !== key) at = (at + 1) & mask;
  return at;
}

/** Puts the keys of all pieces of a form into the table. */
function addKeys(form: string, table: Int32Array): void {
  let hash = 0;
  for (let i = 0; i < form.length; i++) {
    hash = ((hash << 1) | (hash >>> 31)) ^ (worth[form.charCodeAt(i) & 255] ?? 0);
    if (i >= gramLength) hash ^= worthOut[form.charCodeAt(i - gramLength) & 255] ?? 0;
    if (i >= gramLength - 1) table[placeOf(keyOf(hash), table)] = keyOf(hash);
  }
}

/** A ring of the last characters that count, with their places: 16, so that a mask takes the place of a division. */
const ringMask = 15;

interface OpenRange {
  readonly from: number;
  to: number;
  kind: Kind;
  /** How many characters counted up to its end. */
  count: number;
}

function scan(text: string, { table, kindOf }: Grams): readonly OwnRange[] {
  const ranges: OpenRange[] = [];
  const codes = new Uint16Array(ringMask + 1);
  const places = new Int32Array(ringMask + 1);
  let [hash, count] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isIgnorable(code)) continue;
    hash = ((hash << 1) | (hash >>> 31)) ^ (worth[code & 255] ?? 0);
    if (count >= gramLength) hash ^= worthOut[(codes[(count - gramLength) & ringMask] ?? 0) & 255] ?? 0;
    codes[count & ringMask] = code;
    places[count & ringMask] = i;
    count += 1;
    const key = keyOf(hash);
    if (count < gramLength || table[placeOf(key, table)] === 0) continue;
    const last = ranges.at(-1);
    const open = last?.count === count - 1 ? last : undefined;
    // Behind a piece that was sure, the hash is enough: that spares text made of nothing else its cost.
    const isSure = open !== undefined && open.kind !== 'prefix';
    const first = count - gramLength;
    const kind = isSure ? open.kind : kindOf(key, () => gramAt(codes, first));
    if (kind === undefined) continue;
    if (open !== undefined) {
      open.to = i + 1;
      open.kind = kind;
      open.count = count;
    } else {
      ranges.push({ from: places[first & ringMask] ?? 0, to: i + 1, kind, count });
    }
  }
  return ranges
    .filter(({ kind }) => kind !== 'prefix')
    .map(({ from, to, kind }) => ({ from, to, isTrue: kind === 'secret' }));
}

function gramAt(codes: Uint16Array, first: number): string {
  let gram = '';
  for (let i = first; i < first + gramLength; i++) gram += String.fromCharCode(codes[i & ringMask] ?? 0);
  return gram;
}
