// What the model was shown of which file, so that the same bytes need not be sent twice.
import { createHash } from 'node:crypto';

export interface ShownFiles {
  /**
   * Whether these lines (as shown, the first of them number `start`) were all shown before. True at most once in a row
   * for the same lines: who asks again, needs to see them.
   */
  isRepeat(path: string, start: number, lines: readonly string[]): boolean;
  /** Lines of a file with this text are shown. */
  noteShown(path: string, text: string, start: number, lines: readonly string[]): void;
  /** A tool of the model's changed the file: it knows the new text as well as it knew the old one. Null: no file. */
  noteChanged(path: string, before: string | null, after: string | null): void;
  /** Whether the file was shown with another text than this one, and nothing of the model's own explains it. */
  hasChanged(path: string, text: string): boolean;
  /** What was shown is no longer before the model's eyes (its conversation was shortened, or is a new one). */
  forget(): void;
}

interface Range {
  readonly start: number;
  readonly hashes: Float64Array;
}

interface ShownFile {
  /** Of the text last shown. */
  hash: string;
  ranges: Range[];
  /** What the last answer left out as a repeat. */
  leftOut: { readonly start: number; readonly end: number } | null;
}

export function createShownFiles(): ShownFiles {
  const files = new Map<string, ShownFile>();
  return {
    isRepeat: (path, start, lines) => {
      const file = files.get(path);
      if (file === undefined) return false;
      const end = start + lines.length;
      const { leftOut } = file;
      file.leftOut = null;
      if (leftOut !== null && start < leftOut.end && end > leftOut.start) return false;
      const repeated = hashesOf(lines).every((hash, offset) => isKnown(file, start + offset, hash));
      if (repeated) file.leftOut = { start, end };
      return repeated;
    },
    noteShown: (path, text, start, lines) => {
      const range = { start, hashes: hashesOf(lines) };
      const end = start + lines.length;
      // A range within the new one adds nothing any more.
      const others = (files.get(path)?.ranges ?? []).filter(
        (one) => one.start < start || one.start + one.hashes.length > end,
      );
      files.set(path, { hash: hashOf(text), ranges: [...others, range], leftOut: null });
    },
    noteChanged: (path, before, after) => {
      const file = files.get(path);
      if (after === null) files.delete(path);
      else if (before === null) files.set(path, { hash: hashOf(after), ranges: [], leftOut: null });
      else if (file?.hash === hashOf(before)) file.hash = hashOf(after);
    },
    hasChanged: (path, text) => {
      const file = files.get(path);
      return file !== undefined && file.hash !== hashOf(text);
    },
    forget: () => {
      for (const file of files.values()) Object.assign(file, { ranges: [], leftOut: null });
    },
  };
}

/** The newest range that holds the line decides: older ones show what it was. */
function isKnown(file: ShownFile, line: number, hash: number): boolean {
  const newest = file.ranges.findLast(({ start, hashes }) => line >= start && line < start + hashes.length);
  return newest?.hashes[line - newest.start] === hash;
}

const hashOf = (text: string): string => createHash('sha1').update(text).digest('base64');

/** The 32-bit offset basis and prime of FNV-1a (RFC 9923, 5), and a second multiplier that is odd and large. */
const [basis, prime, other] = [0x811c9dc5, 0x01000193, 0x85ebca6b];

/**
 * 53 bits a line, without an object for each as node's own hashes make: two different lines look the same once in 10^15
 * times.
 */
function hashesOf(lines: readonly string[]): Float64Array {
  return Float64Array.from(lines, (line) => {
    let [a, b] = [basis, ~basis];
    for (let index = 0; index < line.length; index += 1) {
      const unit = line.charCodeAt(index);
      a = Math.imul(a ^ unit, prime);
      b = Math.imul(b ^ unit, other);
    }
    return (a >>> 0) * 2 ** 21 + (b >>> 11);
  });
}
