// The result, judged by facts: checks on the base against checks on it, tests that are gone, and the diff policy.
import type { DiffGate } from './diff-gate.ts';
import type { Git, Reporter } from './ports.ts';
import type { TasksOutcome } from './run-tasks.ts';
import type { Check } from './types.ts';
import { compareChecks } from './verify/compare.ts';
import { findWeakenedTests } from './verify/find-weakened-tests.ts';

/** Tells the run how its result stands. @throws RunError `credential-exposed` */
export async function judgeResult(
  { integration, final }: TasksOutcome,
  before: { readonly commit: string; readonly baseline: readonly Check[] },
  { git, reporter, gate }: { readonly git: Git; readonly reporter: Reporter; readonly gate: DiffGate },
): Promise<void> {
  const result = integration.result ?? before.commit;
  const weakened = findWeakenedTests(await git.diff(before.commit, result));
  const verification = compareChecks(before.baseline, final, weakened);
  reporter.emit({ type: 'verification.ended', verification });
  reporter.emit({ type: 'diff.judged', judgement: await gate.judge(result) });
  await gate.settle();
}
