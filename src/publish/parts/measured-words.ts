// Whether work that is done was measured, in the words that end a run on the terminal.
import { formatCounted } from '../../journal/format.ts';
import { countTests, isPassed } from '../../journal/run-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import type { Check } from '../../types.ts';

/**
 * The status of work that is whole: `✅ SUCCESS` with what was measured, or, where nothing says that it is sound, what
 * kept it from being measured. Plain text.
 */
export function doneWords({ verification }: RunState): string {
  const checks = verification?.final ?? [];
  const unstarted = checks.filter(isUnstarted).length;
  const passed = checks.filter(isPassed).length;
  if (checks.length === 0) return '⚠️ DONE - nothing was measured: no check of the project was found';
  if (unstarted === checks.length) return '⚠️ DONE - nothing was measured: no check could be run here';
  const tests = countTests(checks);
  if (passed === 0) return `⚠️ DONE - ${failingWords(tests)}`;
  const failed = checks.length - unstarted - passed;
  return [
    `✅ SUCCESS - Ready to merge: ${passed} of ${formatCounted(checks.length, 'check')} passed`,
    tests === null ? '' : `${formatCounted(tests.passed, 'test')}`,
    unstarted === 0 ? '' : `${unstarted} could not be run here`,
    failed === 0 ? '' : `${failed} failed before, too`,
  ]
    .filter((words) => words !== '')
    .join(', ');
}

/** Work is whole only where nothing fails that did not fail before. */
function failingWords(tests: ReturnType<typeof countTests>): string {
  if (tests === null || tests.passed === 0 || tests.failed === 0) {
    return 'no check passes, neither here nor on the base';
  }
  const which = tests.failed === 1 ? 'the one that fails' : `the ${String(tests.failed)} that fail`;
  return `${formatCounted(tests.passed, 'test')} passed; ${which} failed on the base, too`;
}

/** Programs that a shell cannot find or may not run (exit code 127 or 126) judge nothing, and are no failure of the work. */
export const isUnstarted = ({ exitCode }: Check): boolean => exitCode === 127 || exitCode === 126;
