// Reads mocha's spec and dot output.
import { failure, linesUntil } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';

const passing = /^ {2}(\d+) passing \(.+\)$/;
const failing = /^ {2}(\d+) failing$/;
const pending = /^ {2}(\d+) pending$/;
const firstTitle = /^ {2}\d+\) (.+)$/;
const endOfError = (line: string): boolean => /^\s+at /.test(line) || firstTitle.test(line);

/** Names are `describe › test`. A failing hook counts as a failing test, as mocha counts it. */
export const readMocha: Runner = (lines) => {
  const runs = lines.filter((line) => passing.test(line)).length;
  if (runs === 0) return null;
  const total = (pattern: RegExp): number => lines.reduce((sum, line) => sum + Number(pattern.exec(line)?.[1] ?? 0), 0);
  const counts = { passed: total(passing), failed: total(failing), skipped: total(pending) };
  return { runs, ...counts, failures: readFailures(lines) };
};

function readFailures(lines: readonly string[]): readonly Failure[] {
  const failures: Failure[] = [];
  let inSummary = false;
  for (const [index, line] of lines.entries()) {
    if (passing.test(line)) inSummary = false;
    if (failing.test(line)) inSummary = true;
    const first = firstTitle.exec(line)?.[1];
    if (!inSummary || first === undefined) continue;
    const rest = first.endsWith(':') ? [] : titleLines(lines, index + 1);
    const name = [first, ...rest]
      .map((part) => part.trim())
      .join(' › ')
      .replace(/:$/, '');
    failures.push(failure(name, linesUntil(lines, index + 1 + rest.length, endOfError)));
  }
  return failures;
}

/** The titles below the first one, to the line that ends in a colon; none when no such line is near. */
function titleLines(lines: readonly string[], start: number): readonly string[] {
  const near = lines.slice(start, start + 20);
  return near.slice(0, near.findIndex((line) => line.trimEnd().endsWith(':')) + 1);
}
