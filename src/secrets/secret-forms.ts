// The forms in which a secret may show up: as it is, and as the codings that agents and tools have at hand make of it.

/** What a key begins with by its maker's rule: no secret, and the same in every other key of the kind. */
const vendorPrefixes = [
  'sk-ant-api03-',
  'sk-ant-oat01-',
  'sk-svcacct-',
  'sk-proj-',
  'github_pat_11',
  'x-access-token:',
];

/** A JSON Web Token: its first two parts are the same, or nearly, in other tokens of the same issuer. */
const signedToken = /^[A-Za-z0-9_-]*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]{20,})$/;

/** The part of a credential that gives it away: all of it, but only the signature of a signed token. */
export const tellingPart = (secret: string): string => signedToken.exec(secret)?.[1] ?? secret;

/** The prefixes of vendors that this secret begins with: whoever shows no more of it shows nothing. */
export const knownPrefixes = (secret: string): readonly string[] =>
  vendorPrefixes.filter((prefix) => secret.startsWith(prefix));

/**
 * Raw, base64 (three offsets, both alphabets), hex, reversed, rot13, URL- and JSON-escaped; those that stay the same
 * whatever stands before and after the secret. No form twice.
 */
export function secretForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    ...new Set([
      secret,
      ...base64Forms(secret),
      hex,
      hex.toUpperCase(),
      [...secret].reverse().join(''),
      secret.replace(/[a-z]/gi, rot13),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]),
  ];
}

/** The same, and base64 of base64: what `base64 | base64` makes. Nine more. */
export const searchedForms = (secret: string): readonly string[] => [
  ...secretForms(secret),
  ...base64Forms(secret).flatMap(base64Forms),
];

function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const plain = [0, 1, 2].map((offset) => base64At(bytes, offset));
  return [...new Set([...plain, ...plain.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))])];
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
