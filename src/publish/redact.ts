// Takes secrets out of text that leaves: the registered ones in whatever coding, and what looks like a vendor's key.

const mark = '***';

/** Length of the pieces of a secret that give it away. Shorter pieces would hit by chance. */
const gramLength = 10;

/** Secrets shorter than this would blot out ordinary words, so they are not searched for. */
const minSecretLength = 6;

/** What every key of a vendor begins with is no secret, and must not be taken for one. */
const vendorPrefixes = ['sk-ant-api03-', 'sk-ant-oat01-', 'github_pat_11', 'x-access-token:'];

/** An END further away than any real key's belongs to another BEGIN. */
const maxPemLength = 10_000;
const pemEnd = /-----END [A-Z ]{0,30}PRIVATE KEY-----/g;

/** Each is linear: bounded, or anchored so that a second start inside a match is impossible. */
const vendorPatterns: readonly RegExp[] = [
  /gh[pousr]_[A-Za-z0-9_]{20,}/g,
  /github_pat_[A-Za-z0-9_]{20,}/g,
  /sk-ant-[A-Za-z0-9_-]{10,}/g,
  /(?<![A-Za-z0-9_-])sk-(?:[a-z]{2,10}-)?[A-Za-z0-9]{20,}[A-Za-z0-9_-]*/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{10,}/g,
  /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{30,}/g,
  /(?<![A-Za-z0-9_-])pypi-[A-Za-z0-9_-]{30,}/g,
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
];

/**
 * A function that replaces each secret by `***`, showing no part of it. Registered secrets are found raw, in base64 (any
 * offset), hex, reversed, rot13, URL- and JSON-escaped form, also when cut or broken by white space, quotes or zero-width
 * characters, as long as ten characters in a row remain. Linear in the text.
 * @param secrets those shorter than six characters are not searched for.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.map((s) => s.trim()).filter((s) => s.length >= minSecretLength);
  const forms = [...new Set(known.flatMap(formsOf))];
  const findGrams = gramFinder(forms.map(squeeze).filter((f) => f.length >= gramLength));
  const short = forms.filter((f) => squeeze(f).length < gramLength);
  return (text) => {
    const exact = short.reduce((t, form) => t.replaceAll(form, mark), redactPatterns(text));
    return blot(exact, findGrams(exact));
  };
}

function redactPatterns(text: string): string {
  const withoutKeys = vendorPatterns.reduce((t, pattern) => t.replace(pattern, mark), redactPem(text));
  return withoutKeys.replace(/([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]{0,100}:[^\s/@]{1,200}@/gi, `$1${mark}@`);
}

/** Private keys from BEGIN to END; without an END, the coded lines that follow BEGIN. */
function redactPem(text: string): string {
  const begin = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?:\\[nr]|\s)*[A-Za-z0-9+/=]{32,})*/g;
  let out = '';
  let from = 0;
  const ends = [...text.matchAll(pemEnd)].map((found) => ({ at: found.index, to: found.index + found[0].length }));
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    const at = found.index;
    while (ends[0] && ends[0].at < at) ends.shift();
    const end = ends[0];
    out += text.slice(from, at) + mark;
    from = begin.lastIndex = end && end.at - at < maxPemLength ? end.to : begin.lastIndex;
  }
  return out + text.slice(from);
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset));
  return [
    secret,
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    [...secret].reverse().join(''),
    secret.replace(/[a-z]/gi, rot13),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}

/** The part of the base64 of `bytes` that stays the same whatever stands before (`offset` bytes, mod 3) and after it. */
function base64At(bytes: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
  const coded = whole.toString('base64').replaceAll('=', '');
  return coded.slice(Math.ceil((offset * 8) / 6), Math.floor((whole.length * 8) / 6));
}

function rot13(letter: string): string {
  const code = letter.charCodeAt(0);
  const base = code < 97 ? 65 : 97;
  return String.fromCharCode(((code - base + 13) % 26) + base);
}

const ignorable = /[\s"'`\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
const squeeze = (text: string): string => text.replace(ignorable, '');

type Range = readonly [from: number, to: number];

/** Finds where ten characters in a row of a form stand, looking through ignorable characters. */
function gramFinder(forms: readonly string[]): (text: string) => readonly Range[] {
  const grams = new Set<string>();
  for (const form of forms) {
    for (let i = 0; i + gramLength <= form.length; i++) grams.add(form.slice(i, i + gramLength));
  }
  for (const gram of [...grams]) if (vendorPrefixes.some((p) => p.includes(gram))) grams.delete(gram);
  const starts = new Set([...grams].map((g) => pairOf(g, 0)));
  return (text) => (grams.size === 0 ? [] : scan(text, grams, starts));
}

const pairOf = (text: string, at: number): number => text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1);

function scan(text: string, grams: ReadonlySet<string>, starts: ReadonlySet<number>): readonly Range[] {
  const squeezed = squeeze(text);
  const ranges: Range[] = [];
  const positions = squeezed.length === text.length ? null : positionsOf(text);
  for (let i = 0; i + gramLength <= squeezed.length; i++) {
    if (!starts.has(pairOf(squeezed, i)) || !grams.has(squeezed.slice(i, i + gramLength))) continue;
    const last = i + gramLength - 1;
    ranges.push([positions?.[i] ?? i, (positions?.[last] ?? last) + 1]);
  }
  return ranges;
}

/** Index in the text of each character that `squeeze` keeps. */
function positionsOf(text: string): Int32Array {
  const positions = new Int32Array(text.length);
  let count = 0;
  let from = 0;
  const keep = (to: number) => {
    for (let i = from; i < to; i++) positions[count++] = i;
  };
  for (const found of text.matchAll(ignorable)) {
    keep(found.index);
    from = found.index + 1;
  }
  keep(text.length);
  return positions;
}

const tokenCharacter = /[A-Za-z0-9_+-]/;

/** Replaces the ranges, widened to the whole token around them: what is left of a key may show no part of it. */
function blot(text: string, ranges: readonly Range[]): string {
  let out = '';
  let done = 0;
  for (const [from, to] of ranges) {
    if (to <= done) continue;
    let start = Math.max(from, done);
    while (start > done && tokenCharacter.test(text.charAt(start - 1))) start--;
    let end = to;
    while (end < text.length && tokenCharacter.test(text.charAt(end))) end++;
    out += text.slice(done, start) + (start === done && out.endsWith(mark) ? '' : mark);
    done = end;
  }
  return out + text.slice(done);
}
