// Reads pytest's output: default, -q and -v.
import { countOf, couldNotRun, failure, linesUntil, uniqueByName } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';

const counts = /^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s(?: \([\d:]+\))?\s*=*$/;
const listed = /^(FAILED|ERROR) (\S+?\[.*?\](?= - |$)|\S+)(?: - (.*))?$/;
const section = /^_{3,} (.+?) _{3,}$/;

/**
 * Names are pytest's own ids (`test_sum.py::TestNegative::test_sign`). Errors (a fixture, a file that cannot be
 * imported) count as failed, expected failures as skipped.
 */
export const readPytest: Runner = (lines) => {
  const totals = lines
    .flatMap((line) => counts.exec(line)?.[1] ?? [])
    .filter((text) => /passed|failed|error|skip|xf/.test(text));
  if (totals.length === 0) return null;
  const all = totals.join(', ');
  return {
    runs: totals.length,
    passed: countOf(all, 'passed') + countOf(all, 'xpassed'),
    failed: countOf(all, 'failed') + countOf(all, 'errors?'),
    skipped: countOf(all, 'skipped') + countOf(all, 'xfailed'),
    failures: readFailures(lines),
  };
};

function readFailures(lines: readonly string[]): readonly Failure[] {
  const errors = readErrors(lines);
  const failures = lines.flatMap((line) => {
    const [, , id, message] = listed.exec(line) ?? [];
    if (id === undefined) return [];
    const [file = '', ...path] = id.split('::');
    if (path.length === 0) return [failure(couldNotRun(file), errors.get(file) ?? [message ?? ''])];
    return [failure(id, errors.get(path.join('.')) ?? [message ?? ''])];
  });
  return uniqueByName(failures);
}

/** The `E` lines and the place of each section, by its title (`TestNegative.test_sign`, or a file). */
function readErrors(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const errors = new Map<string, readonly string[]>();
  for (const [index, line] of lines.entries()) {
    const title = section.exec(line)?.[1]?.replace(/^ERROR (at (setup|teardown) of|collecting) /, '');
    if (title === undefined) continue;
    const body = linesUntil(lines, index + 1, (next) => section.test(next) || next.startsWith('==='));
    const shown = body.filter((next) => /^E {2,}/.test(next)).map((next) => next.replace(/^E {1,7}/, ''));
    const place = body.filter((next) => /^\S+:\d+: \w+$/.test(next)).at(-1);
    errors.set(title, [...shown.slice(0, 6), ...(place === undefined ? [] : [`at ${place}`])]);
  }
  return errors;
}
