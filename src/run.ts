// The story of a run, from the request to the pull request. No effect of its own: it hands values from stage to stage.
import type { Earlier, RunTasksDeps } from './build-one.ts';
import type { Config } from './config/config.ts';
import { limitSentence, stopSentence } from './journal/run-facts.ts';
import type { RunState } from './journal/run-state.ts';
import type { PriceList } from './money/prices.ts';
import type { GitHub, Remember } from './ports.ts';
import { commitContract } from './commit-contract.ts';
import { createDiffGate, type DiffGate } from './diff-gate.ts';
import { goOn, takeOver } from './go-on.ts';
import { judgeResult } from './judge-result.ts';
import { noKeeping, type Keeping } from './keep-state.ts';
import { knownNow, letIn } from './let-in.ts';
import { planRun, type PlannedRun } from './plan-run.ts';
import type { FindSecrets } from './policy/content-findings.ts';
import { noPreflight, type Preflight } from './preflight/preflight.ts';
import { prepareChecks, readProject } from './prepare-project.ts';
import { createBranchPusher } from './publish/branch-pusher.ts';
import { publishRun } from './publish/publish-run.ts';
import { runTasks } from './run-tasks.ts';
import type { Check, PullRequest, RunOutcome, Trigger } from './types.ts';
import { withinPatience } from './within-patience.ts';

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
  /** Given where another job publishes: pushes are held back then, and no pull request is opened. */
  readonly resultDir?: string;
}

export interface RunDeps extends Omit<
  RunTasksDeps,
  'checkCommit' | 'runAcceptance' | 'failsWithout' | 'findBlocks' | 'stopReason' | 'onBranch'
> {
  readonly github: GitHub | null;
  readonly priceOf: PriceList;
  /** The run as the journal has it. */
  readonly state: () => RunState;
  /** Keeps a command's whole output and returns its path; null when it is kept nowhere. */
  readonly saveLog: (name: string, text: string) => Promise<string | null>;
  /** Finds secrets in what agents wrote; their own words for them never hold a value. */
  readonly findSecrets: FindSecrets;
  /** The one function that every leaving Markdown text passes. */
  readonly clean: (markdown: string) => string;
  /** The same for a title, which is no Markdown. */
  readonly cleanTitle: (title: string) => string;
  /** Decides once what depends on the clock; absent where runs are not recorded. */
  readonly remember?: Remember;
  /** Earlier attempts of the same run, whose texts on GitHub are edited and not written again. */
  readonly earlierRunIds?: readonly string[];
  /** The record of the run in the repository; absent where none is kept. */
  readonly keeping?: Keeping;
  /** What is looked at beside the run; absent where nothing is. */
  readonly preflight?: Preflight;
}

/** Runs the whole job. Throws RunError for what the user can mend; branches that were pushed by then stay. */
export async function run(request: RunRequest, deps: RunDeps): Promise<RunOutcome> {
  const { config, trigger } = request;
  const { git, github, reporter } = deps;
  const { keeping, preflight } = { keeping: noKeeping, preflight: noPreflight, ...deps };

  reporter.emit({ type: 'stage.started', stage: 'prepare' });
  const question = { ...request, wantedBase: config.baseBranch };
  const entry = await letIn(trigger, question, { ...deps, keeping });
  if (entry.kind === 'skipped') return entry;
  const { issue, chosen } = entry;
  const { base, earlier, earlierPlan, landed } = await goOn({ issue, base: chosen, config }, keeping);
  const continues = base.pullRequest?.number ?? null;
  reporter.emit({ type: 'base.opened', commit: base.commit, branch: base.baseBranch, continues });
  const project = await readProject(base, request.checkout, config, git);
  const checking = prepareChecks(base.commit, project, config, deps);
  checking.baseline.catch(() => undefined);
  // Only while dependencies are installed do commands reach a network, and no model has read the issue by then.
  const setupFault = await checking.installed;
  // A plan is better for knowing how the checks stand; where they take minutes, planning runs beside them.
  const known = await inTime(checking.baseline, deps);

  // What is known by now keeps money from being spent; a claim under way goes on beside the planning.
  const [other] = await Promise.all([knownNow(keeping.claim()), knownNow(preflight.rights)]);
  if (other !== null) return { kind: 'skipped', reason: other };
  reporter.emit({ type: 'stage.started', stage: 'plan' });
  const history = historyOf(keeping);
  const planInput = { ...request, issue, base, project, setupFault, baseline: known, history, earlierPlan };
  const planned = await planRun(planInput, { ...deps, beforeAsking: whenKeptIn(deps) });
  if (planned.kind !== 'plan') return unplanned(planned, deps);
  const taken = await keeping.claim();
  if (typeof taken === 'string') return { kind: 'skipped', reason: taken };
  const { plan, shared } = planned;
  reporter.emit({ type: 'plan.accepted', plan });
  const gate = createDiffGate(base.commit, config.diffPolicy, deps);
  const pusher = createBranchPusher({ ...deps, judge: gate.judge });
  takeOver(earlier, { ...deps, pusher });
  keeping.settle(earlier !== null);
  if (trigger.command === 'plan') return { kind: 'planned' };

  reporter.emit({ type: 'stage.started', stage: 'execute' });
  const [baseline] = await Promise.all([checking.baseline, git.checkPush(), preflight.rights]);
  const from = { commit: landed?.start ?? base.commit, checks: baseline };
  // Where work has landed, the contract is in it.
  const head = await (landed ? from : commitContract(plan, from, checking.checkCommit, git));
  const tasks = await runTasks(
    {
      ...{ issue, plan, config, shared, head, nonce: request.nonce },
      baseCommit: base.commit,
      integrationBranch: base.branch,
      earlier: landed,
      // A contract may have changed how the checks stand.
      briefed: known !== null && head.checks === known,
      managerCalls: deps.state().usageByRole[config.manager.id]?.requests ?? 0,
    },
    {
      ...{ ...deps, ...checking, findBlocks: gate.findBlocks },
      ...{ stopReason: () => stopReason(deps), onBranch: pusher.push, onLanded: noteSound(head.commit, gate, keeping) },
    },
  );

  await deps.trees.quiesce();
  reporter.emit({ type: 'stage.started', stage: 'verify' });
  await judgeResult(tasks, { commit: base.commit, baseline }, { git, reporter, gate });

  // A start on another machine knows the result's branch as ours by what the record tells of it.
  await keeping.flush();
  // What another run has taken over is that run's to publish.
  if (keeping.isLost()) return { kind: 'skipped', reason: 'Another run has taken this over.' };
  await withinPatience(preflight.told, LAST_WARNINGS_MS, deps.clock);
  reporter.emit({ type: 'stage.started', stage: 'publish' });
  return publishRun({ base, ...tasks }, { ...deps, github: request.resultDir === undefined ? github : null, pusher });
}

/** The record carries the commits that it names, so those have to be fit to be published, too. */
function noteSound(start: string, gate: DiffGate, keeping: Keeping): (now: Earlier) => void {
  return (now) => {
    const results = now.results.flatMap(({ commit }) => commit ?? []);
    gate.whenSound([now.head.commit, ...results], () => keeping.note({ landed: { start, ...now } }));
  };
}

/** Not one model call is made for a run whose commands nothing would keep in. */
const whenKeptIn =
  ({ trees, reporter }: RunDeps) =>
  async (): Promise<void> =>
    reporter.emit({ type: 'sandbox.opened', ...(await trees.sandbox()) });

const unplanned = (planned: Exclude<PlannedRun, { kind: 'plan' }>, deps: RunDeps): RunOutcome => ({
  ...{ kind: 'partial', pullRequest: null, branch: null },
  reason: planned.kind === 'limit' ? planned.reason : (stopReason(deps) ?? 'The run was stopped.'),
});

const historyOf = (keeping: Keeping) => async () => (await keeping.runs()).flatMap(({ tasks }) => tasks);

/** The baseline where it does not keep planning waiting, else null; decided once. */
async function inTime(
  baseline: Promise<readonly Check[]>,
  { clock, remember = (_call, compute) => compute() }: RunDeps,
): Promise<readonly Check[] | null> {
  const isInTime = async () => (await withinPatience(baseline, PATIENCE_MS, clock)) !== null;
  return (await remember('baseline in time', isInTime)) ? baseline : null;
}

/** Most that planning waits for the baseline. A run of a few minutes gains nothing from waiting longer. */
const PATIENCE_MS = 60_000;

/** What was looked at beside the run belongs into the pull request; at its end it has long been seen. */
const LAST_WARNINGS_MS = 5_000;

/** No task starts once a limit is reached or the run is to stop; what runs may end by itself. */
function stopReason({ state, signal }: RunDeps): string | null {
  const { limit, stoppedBy } = state();
  if (stoppedBy !== null) return stopSentence(stoppedBy);
  if (limit !== null) return limitSentence(limit);
  return signal?.aborted === true ? 'The run was stopped.' : null;
}
