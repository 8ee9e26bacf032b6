// What a test runner's output tells: counts and failing tests. Only what was read, never a guess.

/** One failing test, or one file that could not run (`couldNotRun`). */
export interface Failure {
  /** Stable between two runs of the same tree: no times, line numbers or absolute paths. */
  readonly name: string;
  /** First lines of the error, at most 500 characters; empty when the output has none. */
  readonly error: string;
}

/**
 * Counts of one or more runs. `failed` includes files that could not be loaded; `skipped` includes todo and
 * expected failures. Null where the runner does not say.
 */
export interface TestResults {
  /** Runs whose summaries were added up; the tests that two of them share are counted twice. */
  readonly runs: number;
  readonly passed: number | null;
  readonly failed: number | null;
  readonly skipped: number | null;
  readonly failures: readonly Failure[];
}

/** Reads the lines of one runner's output (no colours, no prefixes); null when it is not that runner's. */
export type Runner = (lines: readonly string[]) => TestResults | null;

const maxErrorLines = 8;
const maxErrorChars = 500;
const unloadable = ' (could not run)';

/** A failure with its error cut to size: blank lines and common indentation removed. */
export function failure(name: string, errorLines: readonly string[]): Failure {
  const lines = errorLines.filter((line) => line.trim() !== '').slice(0, maxErrorLines);
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  const error = lines.map((line) => line.slice(indent).trimEnd()).join('\n');
  return { name, error: error.length > maxErrorChars ? `${error.slice(0, maxErrorChars)}...` : error };
}

/** The name under which a file (or package) is listed whose tests could not even be loaded. */
export const couldNotRun = (file: string): string => `${file}${unloadable}`;

/** The file (or package) of such a name; null for the name of a test. */
export const fileThatCouldNotRun = (name: string): string | null =>
  name.endsWith(unloadable) ? name.slice(0, -unloadable.length) : null;

/** Adds up results of several runs; a count that one of them does not say is not known in the sum either. */
export function addResults(a: TestResults, b: TestResults): TestResults {
  const add = (x: number | null, y: number | null) => (x === null || y === null ? null : x + y);
  return {
    runs: a.runs + b.runs,
    passed: add(a.passed, b.passed),
    failed: add(a.failed, b.failed),
    skipped: add(a.skipped, b.skipped),
    failures: uniqueByName([...a.failures, ...b.failures]),
  };
}

/** Drops repetitions (runners list a failure again in their summary); the first one has the error. */
export function uniqueByName(failures: readonly Failure[]): readonly Failure[] {
  const byName = new Map<string, Failure>();
  for (const item of failures) if (!byName.has(item.name)) byName.set(item.name, item);
  return [...byName.values()];
}

/** Lines from `start` up to the first that `isEnd` accepts, at most 200: enough for any error that is shown. */
export function linesUntil(lines: readonly string[], start: number, isEnd: (line: string) => boolean): string[] {
  const window = lines.slice(start, start + 200);
  const end = window.findIndex(isEnd);
  return end === -1 ? window : window.slice(0, end);
}

/** Sum of the numbers before a word: `countOf('2 failed, 3 passed', 'failed')` is 2. Zero when the word is absent. */
export function countOf(text: string, word: string): number {
  return [...text.matchAll(new RegExp(`(\\d+) ${word}\\b`, 'g'))].reduce((sum, match) => sum + Number(match[1]), 0);
}
