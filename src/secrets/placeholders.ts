// Tells examples and blanks from keys: documents and tests are full of them, and nobody has to rotate one.

/** Words that stand in what is no key, and the marks of a variable. */
const words = /example|placeholder|changeme|your[-_ ]?|x{5}|\.{3}|\*{3}|[$<{]/i;

/** Passwords that documents use in addresses, and that local services come with. */
const commonPasswords = /^[^:]*:(?:pass(?:word|wd)?|secret|postgres|mysql|root|admin|user|test|guest|example)$/i;

/** A key has more different characters than this. */
const minDistinct = 8;

/** @param found what a rule has found: a key, or `user:password` */
export function isPlaceholder(found: string): boolean {
  if (words.test(found) || commonPasswords.test(found)) return true;
  // A password in an address may be short; a word of one kind of letters is one that people make up for an example.
  return new Set(found).size < minDistinct;
}
