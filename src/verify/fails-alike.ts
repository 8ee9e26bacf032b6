// Whether a command fails as it did without a change: by the tests that it names, else by the lines that say what went wrong.
import { tellingLines } from '../sandbox/test-output/telling-lines.ts';
import type { Check } from '../types.ts';

/** Line numbers and times differ from run to run. */
const unnumbered = (line: string): string => line.replace(/\d+/g, '0');

/**
 * True when all that fails in `after` failed in `before` too. Without names of tests nothing is believed but the same exit code with
 * no line that is new. A command that was killed tells nothing.
 */
export function failsAlike(before: Check, after: Check): boolean {
  if (before.exitCode === null || before.exitCode === 0 || before.exitCode !== after.exitCode) return false;
  if (after.failures.length > 0) return after.failures.every((name) => before.failures.includes(name));
  const known = new Set(tellingLines(before.outputTail).map(unnumbered));
  const lines = tellingLines(after.outputTail).map(unnumbered);
  return before.failures.length === 0 && lines.length > 0 && lines.every((line) => known.has(line));
}
