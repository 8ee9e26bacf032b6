// What goes before a long output that had to be cut, when it is one of tests.
import { describeFailures, headline } from './failing-first.ts';
import { parseResults } from './parse-results.ts';

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
 */
export function testsFirst(output: string): string | null {
  const results = marks.some((mark) => output.includes(mark)) ? parseResults(output) : null;
  if (results === null) return null;
  return results.failures.length > 0 ? describeFailures(results, maxCharacters) : headline(results);
}
