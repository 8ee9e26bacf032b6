// The lines that a file has and did not have before: found by content, so that no attribute or driver of git has a say.

export interface AddedLine {
  /** From 1, in the new text. */
  readonly line: number;
  readonly text: string;
}

/** Each line of `after` that `before` has not as often. A line that only moved is not added. Linear. */
export function addedLines(before: string, after: string): readonly AddedLine[] {
  const left = new Map<string, number>();
  for (const text of linesOf(before)) left.set(text, (left.get(text) ?? 0) + 1);
  return linesOf(after).flatMap((text, index) => {
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count > 0 ? [] : [{ line: index + 1, text }];
  });
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  // The newline at the end of a file begins no further line.
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
