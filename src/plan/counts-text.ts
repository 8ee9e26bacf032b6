// How many tests passed and failed in a check, beside its exit code.
import type { Check } from '../types.ts';

/**
 * ` (12 passed, 0 failed)`; empty where the output was not understood. Beside a code other than 0, no failing test means
 * that another part of the command failed, or a runner that got to no summary, and the text says so.
 */
export function countsText({ exitCode, passed, failed }: Pick<Check, 'exitCode' | 'passed' | 'failed'>): string {
  if (passed === undefined) return '';
  const isElsewhere = exitCode !== 0 && (failed ?? 0) === 0;
  return isElsewhere
    ? ` (${passed} tests passed and none failed: something else did)`
    : ` (${passed} passed, ${failed ?? 0} failed)`;
}
