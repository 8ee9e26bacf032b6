// Runs the project's checks on a commit in a tree of its own; a tree that was judged before is not judged again.
import type { CheckPhase } from '../events.ts';
import type { Git, Remember, Reporter, Trees } from '../ports.ts';
import type { Check } from '../types.ts';
import { runChecks, type CheckSpec, type RunChecksDeps } from './run-checks.ts';

export interface CommitCheckerDeps extends Pick<RunChecksDeps, 'saveLog' | 'timeoutMs'> {
  readonly git: Pick<Git, 'treeOf'>;
  readonly trees: Trees;
  readonly reporter: Reporter;
  readonly checks: readonly CheckSpec[];
  readonly signal?: AbortSignal;
  /** A commit that was judged before the run was killed is not judged again. */
  readonly remember?: Remember;
}

export type CommitChecker = (commit: string, phase: CheckPhase, taskId: string | null) => Promise<readonly Check[]>;

/** The checker of one run. Results are known by git tree, since equal trees behave alike. */
export function createCommitChecker(deps: CommitCheckerDeps): CommitChecker {
  const known = new Map<string, Promise<readonly Check[]>>();
  return async (commit, phase, taskId) => {
    if (deps.checks.length === 0) return [];
    const id = await deps.git.treeOf(commit);
    const before = known.get(id);
    const run = () => inOwnTree(commit, `${phase}${taskId === null ? '' : `-${taskId}`}`, deps);
    const checks = before ?? deps.remember?.(`checks ${id}`, run) ?? run();
    known.set(id, checks);
    for (const check of await checks) deps.reporter.emit({ type: 'check.ended', phase, taskId, check });
    return checks;
  };
}

async function inOwnTree(commit: string, name: string, deps: CommitCheckerDeps): Promise<readonly Check[]> {
  const tree = await deps.trees.open(name, commit);
  try {
    return await runChecks(deps.checks, { ...deps, run: (spec) => tree.run(spec, deps.signal) });
  } finally {
    await tree.close();
  }
}
