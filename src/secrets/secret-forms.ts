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
  const hex = Buffer.from(secret).toString('hex');
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

/** What `base64 | base64` makes of it. Nine forms or more, each longer than all others. */
export const twiceCodedForms = (secret: string): readonly string[] => base64Forms(secret).flatMap(base64Forms);

function base64Forms(text: string): readonly string[] {
  const plain = [0, 1, 2].map((offset) => base64At(text, offset));
  return [...new Set([...plain, ...plain.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))])];
}

/** The part of the base64 of a text that stays the same whatever stands before (`offset` bytes, mod 3) and after it. */
function base64At(text: string, offset: number): string {
  const bytes = Buffer.from('\0'.repeat(offset) + text);
  const stable = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), stable);
}

function rot13(letter: string): string {
  const code = letter.charCodeAt(0);
  const base = code < 97 ? 65 : 97;
  return String.fromCharCode(((code - base + 13) % 26) + base);
}
