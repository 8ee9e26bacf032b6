// Places of a text that are to be hidden, and the text without them.

export interface TextRange {
  readonly from: number;
  /** Behind the last character. */
  readonly to: number;
  /** True where the rest of the token around it is hidden too: what is left of a key may show no part of it. */
  readonly isPart?: boolean;
}

/** What stands where something was hidden: it shows no part of it, not even how it began. */
export const redactionMark = '***';

const tokenCharacter = /[A-Za-z0-9_+-]/;

/** The text with a mark in place of each range; ranges that meet or overlap get one mark. Linear. */
export function blot(text: string, ranges: readonly TextRange[]): string {
  let out = '';
  let done = 0;
  for (const { from, to, isPart = false } of inOrder(ranges)) {
    if (to <= done) continue;
    let [start, end] = [Math.max(from, done), to];
    if (isPart) {
      while (start > done && tokenCharacter.test(text.charAt(start - 1))) start--;
      while (end < text.length && tokenCharacter.test(text.charAt(end))) end++;
    }
    if (start > done || out === '') out += text.slice(done, start) + redactionMark;
    done = end;
  }
  return out + text.slice(done);
}

/** By their beginning. A list that is in order, as one rule's is, is given back: sorting costs more than all else. */
export function inOrder<Range extends TextRange>(ranges: readonly Range[]): readonly Range[] {
  const isSorted = ranges.every(({ from }, i) => from >= (ranges[i - 1]?.from ?? 0));
  return isSorted ? ranges : [...ranges].sort((a, b) => a.from - b.from);
}
