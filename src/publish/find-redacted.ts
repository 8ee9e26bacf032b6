// Finds what the sink would take out of a text: the same secrets, told by line and not by value.
import { createRedactor } from './redact.ts';

interface Redacted {
  readonly rule: string;
  /** A secret of this process, and not merely something that looks like one. */
  readonly own: boolean;
  /** From 1. */
  readonly line: number;
}

const redactPatterns = createRedactor([]);

/** @param plain of the sink: redacts the secrets of this process and what looks like a vendor's key */
export function createRedactedFinder(plain: (text: string) => string): (text: string) => readonly Redacted[] {
  const hits = (text: string): boolean => plain(text) !== text;
  return (text) => {
    // The sink also drops control characters, which are none of our business here.
    const printable = text.replace(/\r/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
    if (!hits(printable)) return [];
    const own = (piece: string): boolean => isOwn(piece, plain);
    const lines = printable.split('\n').flatMap((line, index) => (hits(line) ? [{ line, number: index + 1 }] : []));
    if (lines.length > 0) return lines.map(({ line, number }) => redacted(own(line), number));
    return [redacted(own(printable), firstDifference(printable, plain(printable)))];
  };
}

const redacted = (own: boolean, line: number): Redacted => ({
  rule: own ? 'a secret of the run' : "a vendor's key",
  own,
  line,
});

/** What keys of a vendor begin with says nothing of whose they are. */
const beginnings = /sk-ant-[a-z]{3}\d\d-|github_pat_11|x-access-token:/g;

/** Patterns know keys by how they begin, so none fits a reversed text; the secrets of a process are found in both. */
function isOwn(text: string, plain: (text: string) => string): boolean {
  const reversed = [...text.replace(beginnings, '')].reverse().join('');
  return [text, reversed].some((one) => plain(one) !== one && redactPatterns(one) === one);
}

/** Number of the line where two texts part: a secret may be spread over several. */
function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return one.slice(0, at).split('\n').length;
}
