// Base against result: what was already failing, what is fixed, what is new.
import type { Check, Verification } from '../types.ts';
import { fileThatCouldNotRun } from '../sandbox/test-output/test-results.ts';

interface Comparison {
  readonly fixed: readonly string[];
  readonly introduced: readonly string[];
  readonly preexisting: readonly string[];
  /** Failed before, and now neither fails nor can be said to pass. */
  readonly unseen: readonly string[];
}

/** A check that newly fails; `failures` are the tests that did not fail before, empty where they are not known. */
export interface BrokenCheck {
  readonly check: Check;
  readonly failures: readonly string[];
}

/**
 * Compares checks by name; inside a check by test name where both sides name their failing tests, else as a whole.
 * A failing test that is gone counts as fixed only if the number of passing tests accounts for it; otherwise, as for
 * a check that did not run again, it is named under `weakened` after the lines given.
 */
export function compareChecks(
  baseline: readonly Check[],
  final: readonly Check[],
  weakened: readonly string[] = [],
): Verification {
  const parts = baseline.map((before) =>
    compareCheck(
      before,
      final.find((after) => after.name === before.name),
    ),
  );
  const added = final.filter((after) => isFailing(after) && !baseline.some((before) => before.name === after.name));
  return {
    baseline,
    final,
    fixed: parts.flatMap((part) => part.fixed),
    introduced: [...parts.flatMap((part) => part.introduced), ...added.flatMap(namesOf)],
    preexisting: parts.flatMap((part) => part.preexisting),
    weakened: [
      ...weakened,
      ...parts.flatMap((part) => part.unseen).map((name) => `${name}: failed on the base and was not seen to pass`),
    ],
  };
}

/** Checks that fail after a step and did not fail in the same way before it. */
export function brokenBy(before: readonly Check[], after: readonly Check[]): readonly BrokenCheck[] {
  return after.filter(isFailing).flatMap((check) => {
    const earlier = before.find((one) => one.name === check.name);
    if (earlier === undefined || !isFailing(earlier)) return [{ check, failures: check.failures }];
    const { introduced } = compareCheck(earlier, check);
    return introduced.length === 0 ? [] : [{ check, failures: introduced }];
  });
}

/** The exit code is the truth: a killed command (null) fails too. */
const isFailing = (check: Check): boolean => check.exitCode !== 0;

/** Tests where all of them are named, else the check's own name. */
const namesOf = (check: Check): readonly string[] => (knowsFailures(check) ? check.failures : [check.name]);

/** True when the check names every test that made it fail. */
const knowsFailures = (check: Check): boolean =>
  check.failures.length > 0 && check.failures.length >= (check.failed ?? 0);

const nothing: Comparison = { fixed: [], introduced: [], preexisting: [], unseen: [] };

function compareCheck(before: Check, after: Check | undefined): Comparison {
  if (after === undefined) return isFailing(before) ? { ...nothing, unseen: namesOf(before) } : nothing;
  if (!isFailing(before)) return isFailing(after) ? { ...nothing, introduced: namesOf(after) } : nothing;
  if (!isFailing(after) && !knowsFailures(before)) return { ...nothing, fixed: [before.name] };
  const hidesSome = isFailing(after) && after.failures.length > 0 && !knowsFailures(after);
  return knowsFailures(before) && !hidesSome ? compareTests(before, after) : compareWhole(before, after);
}

/** Both fail and not all names are known: worse by count is new, else it was failing already. */
function compareWhole(before: Check, after: Check): Comparison {
  const worse = before.failed !== undefined && after.failed !== undefined && after.failed > before.failed;
  return { ...nothing, [worse ? 'introduced' : 'preexisting']: [before.name] };
}

/** The base names its failing tests. A result that fails and names none fails in a new way (it may not even build). */
function compareTests(before: Check, after: Check): Comparison {
  const gone = before.failures.filter((name) => !after.failures.includes(name));
  const added = after.failures.filter((name) => !before.failures.includes(name));
  const unnamed = isFailing(after) && after.failures.length === 0 ? [after.name] : [];
  const fixed = countsAccountFor(gone, before, after) ? gone.filter((name) => !isInside(name, after.failures)) : [];
  return {
    fixed,
    introduced: [...added, ...unnamed],
    preexisting: before.failures.filter((name) => after.failures.includes(name)),
    unseen: gone.filter((name) => !fixed.includes(name)),
  };
}

/**
 * Tests that came to pass raise the number of passing ones, tests that came to fail lower it; files that could not
 * run hide an unknown number and are left out. Without counts only a success is believed, or a list of what fails.
 */
function countsAccountFor(gone: readonly string[], before: Check, after: Check): boolean {
  if (before.passed === undefined || after.passed === undefined) return !isFailing(after) || after.failures.length > 0;
  const tests = (names: readonly string[]): number => names.filter((name) => fileThatCouldNotRun(name) === null).length;
  const added = after.failures.filter((name) => !before.failures.includes(name));
  return after.passed + tests(added) >= before.passed + tests(gone);
}

/** True when the test belongs to a file (or package) that could not run at all. */
const isInside = (test: string, failures: readonly string[]): boolean =>
  failures.some((name) => {
    const file = fileThatCouldNotRun(name);
    return file !== null && test.startsWith(file);
  });
