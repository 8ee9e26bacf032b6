// Reads `cargo test`: unit, integration and documentation tests.
import { failure, linesUntil } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';

const result = /^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored;/;
const target = /^\s+(?:Running .+ \((?:.*[/\\])?([^/\\]+)-[0-9a-f]+(?:\.exe)?\)|Doc-tests (\S+))$/;
const failedTest = /^test (.+?) \.\.\. FAILED$/;

/** Names are `target module::test`; the line numbers of documentation tests are left out. */
export const readCargoTest: Runner = (lines) => {
  const totals = lines.flatMap((line) => {
    const match = result.exec(line);
    return match ? [match.slice(1).map(Number)] : [];
  });
  if (totals.length === 0) return null;
  const sum = (column: number): number => totals.reduce((total, row) => total + (row[column] ?? 0), 0);
  // One run prints a result for each of its targets.
  return { runs: 1, passed: sum(0), failed: sum(1), skipped: sum(2), failures: readFailures(lines) };
};

function readFailures(lines: readonly string[]): readonly Failure[] {
  const failures: Failure[] = [];
  let current = '';
  for (const [index, line] of lines.entries()) {
    const match = target.exec(line);
    if (match) current = match[1] ?? match[2] ?? '';
    const name = failedTest.exec(line)?.[1];
    if (name === undefined) continue;
    failures.push(failure(`${current} ${name.replace(/ \(line \d+\)/, '')}`.trim(), errorOf(lines, index, name)));
  }
  return failures;
}

/** What the test printed, without the thread line's name and number and without the backtrace. */
function errorOf(lines: readonly string[], from: number, name: string): readonly string[] {
  const start = lines.indexOf(`---- ${name} stdout ----`, from);
  if (start === -1) return [];
  return linesUntil(lines, start + 1, (line) => /^(stack backtrace:|note: |---- |failures:)/.test(line)).map((line) =>
    line.replace(/^thread '.+?'(?: \(\d+\))? /, ''),
  );
}
