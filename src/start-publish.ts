// Composition of the job that publishes: it may write, holds no model key, and starts no agent, tool or command of the
// repository. What the other job left is believed only where it was looked up here.
import type { GitStore } from './adapters/git-store.ts';
import { systemClock } from './adapters/system-clock.ts';
import { createDiffGate, type DiffGate } from './diff-gate.ts';
import type { RunError } from './errors.ts';
import type { RunEvent } from './events.ts';
import { failedOutcome } from './failed-outcome.ts';
import { applyEntry } from './journal/project-run.ts';
import { emptyRunState, type RunState } from './journal/run-state.ts';
import type { GitHub, Reporter } from './ports.ts';
import { createBranchPusher } from './publish/branch-pusher.ts';
import { branchesOf } from './publish/check-bundle.ts';
import { publishedState } from './publish/published-state.ts';
import { publishRun, warnOfUnpushed } from './publish/publish-run.ts';
import type { Sink } from './publish/sink.ts';
import { receiveWork, type ReceiveInput, type Received } from './start-receive.ts';
import type { EndedRun } from './start-run.ts';
import { recordSpent, tellIssue } from './tell-published.ts';
import { readIssue } from './trigger/read-issue.ts';
import type { RunOutcome } from './types.ts';
import { findWeakenedTests } from './verify/find-weakened-tests.ts';

export interface PublishInput extends ReceiveInput {
  readonly version: string;
  /** What keeps anything from being published: the configuration cannot be read, for instance. */
  readonly problem: RunError | null;
}

export interface PublishDeps {
  readonly git: GitStore;
  readonly github: GitHub;
  readonly sink: Sink;
  readonly reporter: Reporter;
}

/** The state as it is written from, and the way to tell it of something. */
interface Told extends Reporter {
  readonly state: () => RunState;
  /** From now on the state is this one, as if its events had been told. */
  readonly replace: (state: RunState) => void;
}

/** Checks what the agents' job left, and publishes it. Never throws for what is wrong with it: the outcome says it. */
export async function startPublish(input: PublishInput, deps: PublishDeps): Promise<EndedRun> {
  const told = tell(deps.reporter);
  const { trigger, version, config, runIds } = input;
  const [runId = ''] = runIds;
  told.emit({ type: 'run.started', runId, version, trigger, model: config.model, limits: config.limits });
  told.emit({ type: 'stage.started', stage: 'publish' });
  const outcome = await publish(input, deps, told).catch((error: unknown) => failedOutcome(error, told.state()));
  const { usage, startedAtMs } = told.state();
  told.emit({ type: 'run.ended', outcome, usage, durationMs: systemClock.now() - startedAtMs });
  await tellIssue(told.state(), runIds, { ...deps, reporter: told });
  return { outcome, state: told.state(), reportPath: '', handedOver: null };
}

function tell(reporter: Reporter): Told {
  let state = emptyRunState;
  return {
    state: () => state,
    replace: (next) => {
      state = next;
    },
    emit: (event: RunEvent) => {
      state = applyEntry(state, { seq: 0, atMs: systemClock.now(), event });
      reporter.emit(event);
    },
  };
}

async function publish(input: PublishInput, deps: PublishDeps, told: Told): Promise<RunOutcome> {
  if (input.problem !== null) throw input.problem;
  const { git, sink } = deps;
  const findSecrets = sink.secrets.find;
  const hasSecret = (text: string): boolean => findSecrets(text).length > 0;
  const received = await receiveWork(input, { ...deps, hasSecret });
  const { trigger, config, checkout } = input;
  const place = { trigger, branchPrefix: config.branchPrefix, commit: checkout.commit, atMs: systemClock.now() };
  const recorded = recordSpent(received.manifest, place, { git, reporter: told, clean: sink.plain });
  try {
    told.replace(await stateOf(received, input, deps));
    tellChecked(received, told);
    const gate = createDiffGate(received.base.commit, config.diffPolicy, { git, findSecrets, reporter: told });
    return await publishReceived(received, gate, deps, told);
  } finally {
    await recorded;
  }
}

/** The agents' job's report, with what git says of its commits in the place of what it says of them. */
async function stateOf(
  { manifest, base }: Received,
  { trigger, version }: PublishInput,
  { git, github }: PublishDeps,
): Promise<RunState> {
  const head = manifest.result?.commit ?? base.commit;
  const [issue, changedFiles, diff] = await Promise.all([
    // Comments are for agents; here is only the title of what was asked to be shown.
    readIssue(trigger, { ...github, comments: () => Promise.resolve([]) }),
    git.changedFiles(base.commit, head),
    git.diff(base.commit, head),
  ]);
  const { baseBranch } = base;
  return publishedState(manifest, {
    version,
    trigger,
    issue,
    baseBranch,
    changedFiles,
    weakened: findWeakenedTests(diff),
  });
}

function tellChecked({ manifest, commits }: Received, told: Told): void {
  told.emit({ type: 'handover.checked', commits: commits.length, branches: branchesOf(manifest).length });
}

/** As a run of one job ends, with what was received in the place of what was built. */
async function publishReceived(
  { manifest, base }: Received,
  gate: DiffGate,
  { git, github, sink }: PublishDeps,
  told: Told,
): Promise<RunOutcome> {
  const pusher = createBranchPusher({ git, reporter: told, judge: gate.judge });
  for (const { branch, commit } of manifest.branches) pusher.push(branch, commit);
  const { integration, tasks } = told.state();
  if (manifest.result === null || integration === null) {
    await warnOfUnpushed({ pusher, reporter: told });
    return { kind: 'partial', pullRequest: null, branch: null, reason: manifest.partial };
  }
  told.emit({ type: 'diff.judged', judgement: await gate.judge(manifest.result.commit) });
  return publishRun(
    { base, integration, results: tasks.flatMap(({ result }) => result ?? []) },
    { git, github, pusher, reporter: told, state: told.state, clean: sink.markdown, cleanTitle: sink.plain },
  );
}
