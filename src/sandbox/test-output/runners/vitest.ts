// Reads vitest's default and verbose output.
import { countOf, couldNotRun, failure, linesUntil, uniqueByName } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';

const summary = /^ +Tests {2}(.*\(\d+\)|no tests)$/;
const failed = /^ ?FAIL +(\S.*)$/;
const unloaded = /^(\S+)(?: \[ .+ \])$/;
const endOfError = (line: string): boolean => /^\s*❯ |^⎯/.test(line) || failed.test(line);

/** Names are `file › describe › test`. Counts come from the `Tests` lines, files that could not run are added. */
export const readVitest: Runner = (lines) => {
  const totals = lines.flatMap((line) => summary.exec(line)?.[1] ?? []);
  if (totals.length === 0) return null;
  const all = totals.join(' | ');
  const failures = readFailures(lines);
  const unloadedFiles = failures.filter((item) => item.name.endsWith(couldNotRun(''))).length;
  return {
    runs: totals.length,
    passed: countOf(all, 'passed'),
    failed: countOf(all, 'failed') + unloadedFiles,
    skipped: countOf(all, 'skipped') + countOf(all, 'todo'),
    failures,
  };
};

function readFailures(lines: readonly string[]): readonly Failure[] {
  const failures = lines.flatMap((line, index) => {
    const title = failed.exec(line)?.[1]?.trim();
    if (title === undefined) return [];
    const file = unloaded.exec(title)?.[1];
    const name = file === undefined ? title.split(' > ').join(' › ') : couldNotRun(file);
    return [failure(name, linesUntil(lines, index + 1, endOfError))];
  });
  return uniqueByName(failures);
}
