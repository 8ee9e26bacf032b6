// The state that a publishing job writes from: what it has looked up and measured, over what the agents' job reported.
import { emptyRunState, type RunState } from '../journal/run-state.ts';
import type { FileChange, Issue, Trigger } from '../types.ts';
import type { Manifest } from './manifest.ts';

export interface Measured {
  readonly version: string;
  readonly trigger: Trigger;
  readonly issue: Issue;
  /** Branch that the pull request goes against. */
  readonly baseBranch: string;
  /** From the base to the result, by git; empty without a result. */
  readonly changedFiles: readonly FileChange[];
  /** Tests that the diff deletes, skips or weakens. */
  readonly weakened: readonly string[];
}

/** Names, commits and files are the publishing job's own; checks, tasks, claims and money are the other's word. */
export function publishedState({ report, ...manifest }: Manifest, measured: Measured): RunState {
  const { version, trigger, issue, baseBranch, changedFiles, weakened } = measured;
  const { base, result } = manifest;
  const integration = {
    ...{ merges: [], lost: [], ...report.integration },
    branch: result?.branch ?? '',
    commit: result?.commit ?? base.commit,
    result: result?.commit ?? null,
    changedFiles,
  };
  return {
    ...emptyRunState,
    ...report,
    ...{ version, trigger, issue, runId: manifest.runId, stage: 'publish' },
    base: { commit: base.commit, branch: baseBranch, continues: base.continues },
    integration,
    verification: report.verification === null ? null : { ...report.verification, weakened },
  };
}
