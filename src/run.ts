// The story of a run, from the request to the pull request. No effect of its own: it hands values from stage to stage.
import type { Config } from './config/config.ts';
import type { RunState } from './journal/run-state.ts';
import type { GitHub } from './ports.ts';
import { commitContract } from './commit-contract.ts';
import { planRun } from './plan-run.ts';
import { prepareChecks, readProject } from './prepare-project.ts';
import { createBranchPusher } from './publish/branch-pusher.ts';
import { publishRun } from './publish/publish-run.ts';
import { runTasks, type RunTasksDeps } from './run-tasks.ts';
import { chooseBase } from './trigger/choose-base.ts';
import { readIssue } from './trigger/read-issue.ts';
import type { PullRequest, RunOutcome, Trigger } from './types.ts';
import { compareChecks } from './verify/compare.ts';
import { findWeakenedTests } from './verify/find-weakened-tests.ts';

export interface RunRequest {
  readonly trigger: Trigger;
  readonly config: Config;
  readonly checkout: { readonly commit: string; readonly branch: string | null };
  /** Branch the result goes to, unless a pull request goes on. */
  readonly branch: string;
  /** The pull request of ours that a comment asked to continue. */
  readonly continues: PullRequest | null;
  /** Facts of the machine for the brief, one a line. */
  readonly environment: readonly string[];
  /** Unguessable text that marks foreign text in prompts. */
  readonly nonce: string;
}

export interface RunDeps extends Omit<RunTasksDeps, 'checkCommit' | 'runAcceptance' | 'stopReason' | 'onBranch'> {
  readonly github: GitHub | null;
  /** The run as the journal has it. */
  readonly state: () => RunState;
  /** Keeps a command's whole output and returns its path; null when it is kept nowhere. */
  readonly saveLog: (name: string, text: string) => Promise<string | null>;
  /** The one function that every leaving Markdown text passes. */
  readonly clean: (markdown: string) => string;
  /** The same for a title, which is no Markdown. */
  readonly cleanTitle: (title: string) => string;
}

/** Runs the whole job. Throws RunError for what the user can mend; branches that were pushed by then stay. */
export async function run(request: RunRequest, deps: RunDeps): Promise<RunOutcome> {
  const { config, trigger } = request;
  const { git, github, reporter } = deps;

  reporter.emit({ type: 'stage.started', stage: 'prepare' });
  const [issue, base] = await Promise.all([
    readIssue(trigger, github),
    chooseBase(
      { ...request, wantedBase: config.baseBranch, defaultBranch: trigger.defaultBranch ?? null },
      git,
      github,
    ),
  ]);
  reporter.emit({ type: 'issue.read', issue });
  const continues = base.pullRequest?.number ?? null;
  reporter.emit({ type: 'base.opened', commit: base.commit, branch: base.baseBranch, continues });
  const project = await readProject(base.commit, config, git);
  // Dependencies and baseline take minutes, planning takes one: they run side by side.
  const checking = prepareChecks(base.commit, project, config, deps);
  checking.baseline.catch(() => undefined);

  reporter.emit({ type: 'stage.started', stage: 'plan' });
  const planned = await planRun({ ...request, issue, base, project }, deps);
  if (planned.kind === 'limit') return { kind: 'partial', pullRequest: null, branch: null, reason: planned.reason };
  const { plan, shared } = planned;
  reporter.emit({ type: 'plan.accepted', plan });
  if (trigger.command === 'plan') return { kind: 'planned' };

  reporter.emit({ type: 'stage.started', stage: 'execute' });
  const [baseline] = await Promise.all([checking.baseline, git.checkPush()]);
  const head = await commitContract(plan, { commit: base.commit, checks: baseline }, checking.checkCommit, git);
  const pusher = createBranchPusher(deps);
  const tasks = await runTasks(
    { plan, config, shared, baseCommit: base.commit, head, integrationBranch: base.branch },
    { ...deps, ...checking, stopReason: () => stopReason(deps), onBranch: pusher.push },
  );

  reporter.emit({ type: 'stage.started', stage: 'verify' });
  const weakened = findWeakenedTests(await git.diff(base.commit, tasks.integration.result ?? base.commit));
  const verification = compareChecks(baseline, tasks.final, weakened);
  reporter.emit({ type: 'verification.ended', verification });

  reporter.emit({ type: 'stage.started', stage: 'publish' });
  return publishRun({ base, ...tasks }, { ...deps, pusher });
}

/** No task starts once a limit is reached or the run is to stop; what runs may end by itself. */
function stopReason({ state, signal }: RunDeps): string | null {
  const { limit } = state();
  if (limit !== null) return `${limit.limit} (${limit.value}) is reached: ${limit.spent} used`;
  return signal?.aborted === true ? 'the run was stopped' : null;
}
