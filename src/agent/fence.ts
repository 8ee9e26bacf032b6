// Marks text that others wrote, in every prompt. A hint to the model, not a wall: walls are processes without credentials.

/** Where a text comes from, in words for a model. */
export interface Source {
  /** What it is: `body`, `diff`, `notes`. */
  readonly what: string;
  /** Where it stands: `issue #42`. */
  readonly from?: string;
  /** Who wrote it, and what they are here. */
  readonly by?: string;
  readonly role?: string;
}

/**
 * The text as it is between marks that carry a nonce of 128 bits, one for each run, so that what all agents share is the same
 * for all. An agent knows the nonce and may be made to write it, so it is replaced wherever it stands: what is put there
 * keeps its neighbours from becoming one. Raw, not as a JSON string: that took 4 to 33 % more tokens, most for output of
 * commands, and agents copy code out of it.
 */
export function fence(source: Source, text: string, nonce: string): string {
  const mark = `untrusted-${nonce}`;
  const attributes = [source.what, source.from, source.by, source.role].map((value, index) =>
    value === undefined ? '' : ` ${names[index] ?? ''}=${JSON.stringify(withoutNonce(value, nonce))}`,
  );
  return `<${mark}${attributes.join('')}>\n${withoutNonce(text, nonce)}\n</${mark}>`;
}

const names = ['what', 'from', 'by', 'role'] as const;

/** However it is written: to a model, letters are nearly the same in both cases. */
const withoutNonce = (text: string, nonce: string): string =>
  text.replace(new RegExp(nonce.replace(/\W/g, '\\$&'), 'gi'), '[mark]');

/** Short foreign text within a sentence of ours, as a JSON string: on one line, and plain where it ends. */
export const quoted = (text: string, maxLength = 200): string =>
  JSON.stringify(text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`);

/** A path of a tree as it is, or quoted where it holds more than a path needs. */
export const pathWords = (path: string): string =>
  /^[\p{L}\p{M}\p{N}_@+.,=~()[\]/-]{1,300}$/u.test(path) ? path : quoted(path, 300);
