// What a run is started with, and what it leaves.
import type { GitStore } from './adapters/git-store.ts';
import type { Config } from './config/config.ts';
import type { RunError } from './errors.ts';
import type { HandedOver } from './hand-over.ts';
import type { RunState } from './journal/run-state.ts';
import type { GitHub, Reporter } from './ports.ts';
import type { Sink } from './publish/sink.ts';
import type { EarlierRun } from './state/run-history.ts';
import type { PullRequest, RunOutcome, Trigger } from './types.ts';

export interface StartInput {
  readonly trigger: Trigger;
  readonly config: Config;
  readonly warnings: readonly string[];
  readonly checkout: { readonly commit: string; readonly branch: string | null };
  readonly branch: string;
  readonly continues: PullRequest | null;
  /** What keeps the run from starting; it is then told where the run would have been. */
  readonly problem: RunError | null;
  readonly runId: string;
  /** Earlier attempts of the same run of a workflow: what they left on GitHub is gone on with. */
  readonly earlierRunIds?: readonly string[];
  readonly version: string;
  readonly apiKey: string;
  readonly modelUrl: string | null;
  /** The user's checkout: team-communication.json goes below it. */
  readonly projectDir: string;
  /** `.git` of a checkout that the job made, to be looked at for credentials; absent for a person's own. */
  readonly jobGitDir?: string;
  /** Journal, report, logs and git objects of this run; kept. A journal in it is gone on with. */
  readonly runDir: string;
  /** Earlier runs of the project on this machine, newest first: they count where no list of runs is kept on GitHub. */
  readonly localRuns?: () => readonly EarlierRun[];
  /** True where strangers may read what the workflow uploads. */
  readonly isPublic: boolean;
  /** How the run was asked for, for `resume` and `replay`: JSON without secrets. */
  readonly asked?: unknown;
  /** Where another job publishes: what is built is left in this directory for it, and nothing is pushed. */
  readonly resultDir?: string;
  /** Trees; removed at the end. */
  readonly scratchDir: string;
  readonly toolhostPath: string;
  /** The bundled dist/mirror.cjs. */
  readonly mirrorPath: string;
  /** True where the machine is thrown away and `sudo` may be asked for a sandbox. */
  readonly maySudo: boolean;
  /** Our own environment; tools get only what the allow-list names. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface StartDeps {
  readonly git: GitStore;
  readonly github: GitHub | null;
  readonly sink: Sink;
  /** Where people follow the run: the log or the terminal. */
  readonly reporter: Reporter;
  readonly stop: AbortController;
}

export interface EndedRun {
  readonly outcome: RunOutcome;
  readonly state: RunState;
  readonly reportPath: string;
  /** What was left for another job; null where there is nothing, or no such job. */
  readonly handedOver: HandedOver | null;
}
