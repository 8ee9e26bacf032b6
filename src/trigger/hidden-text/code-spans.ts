// Spans of code in running text: a run of backticks up to the next run of the same length.

/** Finds where the span ends that a run of backticks opens; null when it opens none. Asked from left to right, linear. */
export function codeSpanEnds(text: string): (at: number, length: number) => number | null {
  let runs: Map<number, number[]> | null = null;
  const next = new Map<number, number>();
  return (at, length) => {
    runs ??= runsByLength(text);
    const starts = runs.get(length) ?? [];
    let index = next.get(length) ?? 0;
    while (index < starts.length && (starts[index] ?? 0) <= at) index += 1;
    next.set(length, index);
    const start = starts[index];
    return start === undefined ? null : start + length;
  };
}

function runsByLength(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = runs.get(run.length);
    if (known === undefined) runs.set(run.length, [index]);
    else known.push(index);
  }
  return runs;
}
