// Reads `go test`, plain and with -v.
import { couldNotRun, failure, linesUntil } from '../test-results.ts';
import type { Failure, Runner, TestResults } from '../test-results.ts';

const packageEnd = /^(ok {2}|FAIL|\? {3})\t(\S+)(?:\t| \[)(.*)$/;
const testEnd = /^\s*--- (PASS|FAIL|SKIP): (.+) \([\d.]+s\)$/;
const compileHead = /^# (\S+)(?: \[.+\])?$/;

interface TestLine {
  readonly status: string;
  readonly name: string;
  readonly error: readonly string[];
}

/**
 * Names are `package Test/subtest`. A test with subtests stands for them and is not counted itself. Plain output
 * lists only failures, so passed and skipped are known only with -v.
 */
export const readGoTest: Runner = (lines) => {
  if (!lines.some((line) => packageEnd.test(line))) return null;
  const verbose = lines.some((line) => line.startsWith('=== RUN '));
  const results = packages(lines).map((own) => readPackage(own, lines));
  const sum = (pick: (one: PackageResult) => number): number => results.reduce((total, one) => total + pick(one), 0);
  const failures = results.flatMap((one) => one.failures);
  const counts: TestResults = { runs: 1, passed: null, failed: failures.length, skipped: null, failures };
  return verbose ? { ...counts, passed: sum((one) => one.passed), skipped: sum((one) => one.skipped) } : counts;
};

interface PackageResult {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

/** The lines of each package: all up to and including its last line. */
function packages(lines: readonly string[]): readonly (readonly string[])[] {
  const ends = lines.flatMap((line, index) => (packageEnd.test(line) ? [index] : []));
  return ends.map((end, order) => lines.slice(order === 0 ? 0 : (ends[order - 1] ?? 0) + 1, end + 1));
}

function readPackage(lines: readonly string[], all: readonly string[]): PackageResult {
  const [, status, name = '', detail = ''] = packageEnd.exec(lines.at(-1) ?? '') ?? [];
  const tests = readTests(lines);
  const parents = new Set(tests.flatMap((test) => parentsOf(test.name)));
  const leaves = tests.filter((test) => !parents.has(test.name));
  const count = (wanted: string): number => leaves.filter((test) => test.status === wanted).length;
  const failures = leaves
    .filter((test) => test.status === 'FAIL')
    .map((test) => failure(`${name} ${test.name}`, test.error));
  const broken = status === 'FAIL' && (failures.length === 0 || /failed\]$/.test(detail));
  const whole = broken ? [failure(couldNotRun(name), wholeError(name, lines, all))] : [];
  return { passed: count('PASS'), skipped: count('SKIP'), failures: [...failures, ...whole] };
}

/** `A/b/c` has the parents `A` and `A/b`. */
const parentsOf = (name: string): string[] =>
  name.split('/').flatMap((_, depth, parts) => (depth === 0 ? [] : [parts.slice(0, depth).join('/')]));

/** Each test's end line with what it logged: below it in plain output, above it (after === RUN) with -v. */
function readTests(lines: readonly string[]): readonly TestLine[] {
  const runs = new Map(lines.map((line, index) => [line, index]));
  return lines.flatMap((line, index) => {
    const [, status = '', name = ''] = testEnd.exec(line) ?? [];
    if (name === '') return [];
    const isOther = (next: string): boolean => testEnd.test(next) || /^(===|FAIL|PASS|ok|exit)/.test(next);
    const below = linesUntil(lines, index + 1, isOther);
    const run = runs.get(`=== RUN   ${name}`);
    const error = below.length > 0 || run === undefined ? below : linesUntil(lines, run + 1, isOther);
    return [{ status, name, error }];
  });
}

/** A panic among the package's own lines, or its compile errors, which go prints under `# package` before all else. */
function wholeError(name: string, lines: readonly string[], all: readonly string[]): readonly string[] {
  const panic = lines.findIndex((line) => line.startsWith('panic:'));
  if (panic !== -1) return linesUntil(lines, panic, (line) => line.startsWith('goroutine '));
  const head = all.findIndex((line) => compileHead.exec(line)?.[1] === name);
  return head === -1 ? [] : linesUntil(all, head + 1, (line) => /^(# |FAIL|---|===|ok )/.test(line));
}
