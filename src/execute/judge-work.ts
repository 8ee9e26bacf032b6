// Judges an agent's work by facts: which files changed (from git) and what the acceptance commands say (run by us).
import picomatch from 'picomatch';
import type { BrokenCheck, Check, FileChange, Task } from '../types.ts';

export interface PathRules {
  readonly task: Task;
  /** Paths of the contract: read-only to every task. */
  readonly contractPaths: readonly string[];
  readonly protectedPaths: readonly string[];
}

/** Sentences about changed paths that the task may not change; empty when all is well. */
export function pathFaults(changed: readonly FileChange[], rules: PathRules): string[] {
  const fault = pathJudge(rules);
  return changed.flatMap(({ path }) => fault(path) ?? []);
}

/** The changed paths that the task may not change. */
export function foulPaths(changed: readonly FileChange[], rules: PathRules): string[] {
  const fault = pathJudge(rules);
  return changed.map(({ path }) => path).filter((path) => fault(path) !== null);
}

function pathJudge(rules: PathRules): (path: string) => string | null {
  const owned = matcher(rules.task.owns);
  const guarded = matcher(rules.protectedPaths);
  const contract = new Set(rules.contractPaths);
  return (path) => {
    if (contract.has(path)) return `${path} belongs to the contract, which nobody may change.`;
    if (guarded(path)) return `${path} is protected; only people change it.`;
    return owned(path) ? null : `${path} is outside the paths of this task (${rules.task.owns.join(', ')}).`;
  };
}

/** True when the command passed, or fails with nothing that did not fail on the base. */
export function isAccepted(check: Check, baseline: readonly Check[], brokenBy: BrokenBy): boolean {
  if (check.exitCode === 0) return true;
  const before = baseline.find((known) => known.command === check.command);
  if (before === undefined || before.exitCode === 0 || check.failures.length === 0) return false;
  return brokenBy([{ ...before, name: check.name }], [check]).length === 0;
}

/** Checks that fail in `after` and did not fail in the same way in `before`; compared by name. */
export type BrokenBy = (before: readonly Check[], after: readonly Check[]) => readonly BrokenCheck[];

/** Hands failing checks back in words for the agent. */
export function describeFailures(checks: readonly Check[]): string {
  return checks
    .map((check) => {
      const code = check.exitCode === null ? 'no exit code: killed at its time limit' : `exit code ${check.exitCode}`;
      return `\`${check.command}\` failed (${code}).\n${check.outputTail}`;
    })
    .join('\n\n');
}

const matcher = (globs: readonly string[]): ((path: string) => boolean) =>
  globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
