// Reads jest's default and verbose output.
import { countOf, couldNotRun, failure, linesUntil, uniqueByName } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';

const summary = /^Tests: +((?:\d+ (?:failed|skipped|todo|passed), )*\d+ total)$/;
/** `FAIL ./sum.test.js (5.2 s)`, after a project's name where there are several, padded where there are colours. */
const fileLine = /^ ?(PASS|FAIL) +(?:.* )?(\S+\.[cm]?[jt]sx?)(?: \([\d.]+ m?s\))?$/;
const bullet = /^ {2}● (.+)$/;
const endOfError = (line: string): boolean => /^\s*(>?\s*\d+ \||at )/.test(line) || bullet.test(line);

/** Names are `file › describe › test`. Counts come from the `Tests:` lines, files that could not run are added. */
export const readJest: Runner = (lines) => {
  const totals = lines.flatMap((line) => summary.exec(line)?.[1] ?? []);
  if (totals.length === 0) return null;
  const all = totals.join(', ');
  const failures = readFailures(lines);
  const unloaded = failures.filter((item) => item.name.endsWith(couldNotRun(''))).length;
  return {
    runs: totals.length,
    passed: countOf(all, 'passed'),
    failed: countOf(all, 'failed') + unloaded,
    skipped: countOf(all, 'skipped') + countOf(all, 'todo'),
    failures,
  };
};

function readFailures(lines: readonly string[]): readonly Failure[] {
  const failures: Failure[] = [];
  let file: string | null = null;
  for (const [index, line] of lines.entries()) {
    const fileMatch = fileLine.exec(line);
    if (fileMatch) file = fileMatch[1] === 'FAIL' ? (fileMatch[2] ?? '').replace(/^\.\//, '') : null;
    const title = bullet.exec(line)?.[1];
    if (file === null || title === undefined || title === 'Console') continue;
    const name = title === 'Test suite failed to run' ? couldNotRun(file) : `${file} › ${title}`;
    failures.push(failure(name, linesUntil(lines, index + 1, endOfError)));
  }
  return uniqueByName(failures);
}
