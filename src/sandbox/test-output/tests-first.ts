// What goes before a long output that had to be cut, when it is one of tests.
import { describeFailures, headline } from './failing-first.ts';
import { parseResults } from './parse-results.ts';
import type { TestResults } from './test-results.ts';

const maxCharacters = 3_000;

/**
 * One of these stands in the summary of every runner we know. Reading an output line by line for each of them costs
 * megabytes of garbage, and most long outputs are of no tests.
 */
const marks = [
  'Tests:',
  ' Tests ',
  ' passing (',
  ' pass ',
  ' passed',
  ' failed',
  ' error',
  ' skipped',
  'ok  \t',
  'FAIL\t',
  '?   \t',
];

/**
 * The counts, and below them the failing tests with the first error of each, at most 3,000 characters. Null when the
 * output is of no runner we know. The output may lie: the exit code must be shown beside this.
 * @param exitCode of the whole command; null when it was killed
 */
export function testsFirst(output: string, exitCode: number | null): string | null {
  const results = marks.some((mark) => output.includes(mark)) ? parseResults(output) : null;
  if (results === null) return null;
  if (results.failures.length > 0) return describeFailures(results, maxCharacters);
  return exitCode !== 0 && (results.failed ?? 0) === 0 ? failureElsewhere(results, exitCode) : headline(results);
}

/** Of a chain, the runs that passed have a summary; what failed may have none, and `0 failed` would deny it. */
function failureElsewhere({ runs, passed }: TestResults, exitCode: number | null): string {
  const counts = passed === null ? 'no test failed' : `${passed} passed and none failed`;
  const read = runs === 1 ? 'the one test run' : `the ${runs} test runs`;
  return `${counts} in ${read} with a summary${exitCode === null ? '' : '; something else failed'}`;
}
