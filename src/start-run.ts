// The composition root: builds the adapters of one run, runs it, and leaves its traces wherever it ended.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openJournal, type JournalFile } from './adapters/journal-file.ts';
import { machineFacts } from './adapters/machine-facts.ts';
import { writeStateFiles } from './adapters/state-files.ts';
import { appendTextLine, createLogDirectory, writeTextFile } from './adapters/text-files.ts';
import { systemClock } from './adapters/system-clock.ts';
import { makeShimFolder } from './adapters/shim-folder.ts';
import { openSandbox } from './adapters/sandbox/open-sandbox.ts';
import { createRunNetwork } from './adapters/run-network.ts';
import { createTrees } from './adapters/trees.ts';
import type { GitStore } from './adapters/git-store.ts';
import type { Config } from './config/config.ts';
import { RunError } from './errors.ts';
import { failedOutcome } from './failed-outcome.ts';
import type { HandedOver } from './hand-over.ts';
import { activeMs } from './journal/active-time.ts';
import { keepState, noKeeping, type Keeping } from './keep-state.ts';
import { limitTime } from './limit-time.ts';
import { createLedger, type Ledger } from './money/ledger.ts';
import { loadModel } from './load-model.ts';
import { followPlan } from './money/follow-plan.ts';
import { priceOf } from './money/prices.ts';
import { spentToday } from './money/spent-today.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { GitHub, Reporter, Trees } from './ports.ts';
import { knownMarkers } from './publish/effect-marker.ts';
import { renderProgressComment } from './publish/progress-comment.ts';
import { startProgress, type ProgressPublisher } from './publish/progress-publisher.ts';
import type { Sink } from './publish/sink.ts';
import { recordPorts, tellResumed } from './record/record-ports.ts';
import { redactPrompts } from './redact-prompts.ts';
import { run } from './run.ts';
import { leaveWork, openHandOver, type HandOver } from './start-hand-over.ts';
import { beforeTheEnd, isHurried, lastWordsMs, tellStop, type StopReason } from './stop-run.ts';
import type { PullRequest, RunOutcome, Trigger } from './types.ts';
import type { RunState } from './journal/run-state.ts';
import { watchExposure, type ExposureWatch } from './watch-exposure.ts';

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
  /** Journal, report, logs and git objects of this run; kept. A journal in it is gone on with. */
  readonly runDir: string;
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

/** Runs from trigger to outcome. Never throws for what went wrong in the run: the outcome says it. */
export async function startRun(input: StartInput, given: StartDeps): Promise<EndedRun> {
  const journal = openJournal({
    path: join(input.runDir, 'journal.jsonl'),
    runId: input.runId,
    clock: systemClock,
    redact: given.sink.plain,
  });
  const handing = openHandOver(input, given, journal);
  const deps = { ...given, git: handing?.git ?? given.git };
  journal.subscribe((entry) => deps.reporter.emit(entry.event));
  const wasExposed = journal.earlier.some(({ event }) => event.type === 'credential.exposed');
  const exposure = watchExposure(
    { finder: deps.sink.secrets, reporter: journal, onExposed: () => deps.stop.abort() },
    wasExposed,
  );
  emitStart(input, journal);
  if (journal.earlier.length > 0) tellResumed(journal.earlier, input.version, journal);
  const progress = acknowledge(input, deps, journal);
  deps.stop.signal.addEventListener('abort', () => tellStop(deps.stop.signal, journal));
  const kept = openKeeping(input, deps, journal, handing);
  const ended = await beforeTheEnd(
    runGuarded(input, { ...deps, exposure }, journal, kept),
    deps.stop.signal,
    journal.state,
    systemClock,
  );
  const { outcome, handedOver } = await leaveWork(ended, handing, journal);
  const { usage, startedAtMs } = journal.state();
  journal.emit({ type: 'run.ended', outcome, usage, durationMs: systemClock.now() - startedAtMs });
  const finishing = Promise.all([progress?.finish(), kept.then((keeping) => keeping.finish()).catch(noop)]);
  await (isHurried(deps.stop.signal) ? Promise.race([finishing, systemClock.sleep(lastWordsMs)]) : finishing);
  const reportPath = await leaveTraces(input, journal, deps.sink);
  journal.close();
  return { outcome, state: journal.state(), reportPath, handedOver };
}

function emitStart({ trigger, config, runId, version, warnings, asked }: StartInput, journal: JournalFile): void {
  if (asked !== undefined && journal.earlier.length === 0) {
    journal.emit({ type: 'call.ended', call: 'asked', answer: asked });
  }
  journal.emit({ type: 'run.started', runId, version, trigger, model: config.model, limits: config.limits });
  for (const message of warnings) journal.emit({ type: 'warning', message });
}

/** After this the run is seen to have begun. Not at once: the first request to the model would wait for it. */
const acknowledgeAfterMs = 250;

/** The reaction and the progress comment, beside the work; neither can end the run. */
function acknowledge(
  { trigger, config, problem, earlierRunIds, resultDir }: StartInput,
  { github, sink }: StartDeps,
  journal: JournalFile,
): Pick<ProgressPublisher, 'finish'> | null {
  // What belongs to a pull request takes `pull-requests: write`, which only the job that publishes has.
  const mayWrite = resultDir === undefined || trigger.pullRequestNumber === null;
  const issueNumber = trigger.issueNumber ?? (mayWrite ? trigger.pullRequestNumber : null);
  if (github === null || issueNumber === null) return null;
  const warn = (what: string) => (error: unknown) =>
    journal.emit({ type: 'warning', message: `${what}: ${error instanceof Error ? error.message : String(error)}` });
  const target =
    trigger.commentId === null
      ? { kind: 'issue' as const, id: issueNumber }
      : { kind: 'comment' as const, id: trigger.commentId };
  // A run that cannot start leaves a comment that says why, and no reaction that nothing follows.
  const reaction = systemClock
    .sleep(acknowledgeAfterMs)
    .then(() => (problem === null && mayWrite ? github.react(target, 'eyes') : undefined))
    .catch(warn('The reaction could not be added'));
  const progress = startProgress({
    github,
    issueNumber,
    markers: knownMarkers(journal.state(), 'progress', earlierRunIds),
    render: () => sink.markdown(renderProgressComment(journal.state())),
    clock: systemClock,
    minIntervalMs: config.progressIntervalMs,
    firstDelayMs: acknowledgeAfterMs,
    onSaved: (comment) => journal.emit({ type: 'comment.saved', kind: 'progress', ...comment }),
    onFailed: warn('The progress comment could not be written'),
  });
  journal.subscribe(() => progress.touch());
  return { finish: async () => void (await Promise.all([reaction, progress.finish()])) };
}

/** The record of the run in the repository. A terminal run without GitHub has its journal, and a plan builds nothing. */
function openKeeping(input: StartInput, deps: StartDeps, journal: JournalFile, handing: HandOver | null) {
  const { git, github, sink, stop } = deps;
  const { trigger, config, runId, earlierRunIds = [], checkout, problem } = input;
  const isKept = github !== null && problem === null && trigger.command === 'run';
  const about = { trigger, runId, earlierRunIds, branchPrefix: config.branchPrefix, commit: checkout.commit };
  if (isKept && handing !== null) return Promise.resolve<Keeping>(handing.keep(about));
  const keeping: Promise<Keeping> = isKept
    ? keepState(about, {
        ...{ git, clock: systemClock, reporter: journal, state: journal.state, clean: sink.plain },
        events: () => journal.entries().map(({ event }) => event),
        stop: (by) => stop.abort({ by, hurried: false } satisfies StopReason),
      })
    : Promise.resolve(noKeeping);
  // What makes it worth telling at once; the rest goes with it or with the next sign of life.
  journal.subscribe(({ event }) => {
    if (event.type === 'plan.accepted' || event.type === 'branch.pushed')
      keeping.then((kept) => kept.note({})).catch(noop);
    if (event.type === 'comment.saved') {
      const { kind, id } = event;
      keeping
        .then((kept) => kept.note(kind === 'progress' ? { progressCommentId: id } : { summaryCommentId: id }))
        .catch(noop);
    }
  });
  keeping.catch(noop); // Told where it is awaited.
  return keeping;
}

const noop = (): void => undefined;

type WatchedDeps = StartDeps & { readonly exposure: ExposureWatch };

async function runGuarded(
  input: StartInput,
  deps: WatchedDeps,
  journal: JournalFile,
  kept: Promise<Keeping>,
): Promise<RunOutcome> {
  const { config, problem } = input;
  const { exposure } = deps;
  if (problem !== null) return failedOutcome(problem, journal.state());
  let keeping: Keeping;
  try {
    keeping = await kept;
  } catch (error) {
    return failedOutcome(error, journal.state());
  }
  const trees = openTrees(input, deps.git, deps.sink.plain);
  const ledger = await openLedger(input, journal, keeping);
  journal.subscribe(({ event }) => followPlan(event, ledger));
  const timer = new AbortController();
  limitTime(config.limits.timeoutMs, activeMs(journal.earlier), {
    ...{ clock: systemClock, reporter: journal, stop: deps.stop, ended: timer.signal },
  });
  journal.subscribe(({ event }) => {
    // Nobody waits for what still runs.
    if (event.type === 'credential.exposed') trees.close().catch(noop);
  });
  const ports = openPorts(input, trees, deps, journal);
  const [environment, nonce, earlier] = await Promise.all([
    ports.remember('environment', () => Promise.resolve([...machineFacts(), networkFact(config.sandbox.network)])),
    ports.remember('nonce', () => Promise.resolve(randomBytes(16).toString('hex'))),
    // What was found at the first start decides how the run goes, also when it is executed again.
    ports.remember('earlier work', () => Promise.resolve(keeping.earlier)),
  ]);
  try {
    const outcome = await run(
      { ...input, environment, nonce },
      {
        ...ports,
        ...outputs(input, deps),
        clock: systemClock,
        signal: deps.stop.signal,
        state: journal.state,
        findSecrets: deps.sink.secrets.find,
        ...(input.earlierRunIds === undefined ? {} : { earlierRunIds: input.earlierRunIds }),
        ledger,
        keeping: { ...keeping, earlier, runs: () => ports.remember('earlier runs', keeping.runs) },
      },
    );
    return exposure.isExposed() ? failedOutcome(new RunError('credential-exposed'), journal.state()) : outcome;
  } catch (error) {
    return failedOutcome(exposure.isExposed() ? new RunError('credential-exposed') : error, journal.state());
  } finally {
    timer.abort();
    await trees.close();
  }
}

/** So that no agent spends turns on finding it out. */
const networkFact = (network: Config['sandbox']['network']): string =>
  network === 'none' || network === 'setup'
    ? 'commands have no network; dependencies are installed already'
    : 'commands reach package registries only (a read-only mirror)';

/** The sandbox is tried out beside the first requests to GitHub; it is awaited before the first one to the model. */
function openTrees(input: StartInput, store: GitStore, clean: Sink['plain']): Trees {
  const { config, scratchDir, projectDir, runDir, toolhostPath, mirrorPath, env, maySudo } = input;
  const directory = join(scratchDir, 'sandbox');
  const { backend: choice, network, readOnlyPaths, memoryBytes } = config.sandbox;
  const sandbox = makeShimFolder(directory).then((shims) =>
    openSandbox({ choice, network, directory, toolhostPath, shims, env, readOnlyPaths, maySudo }),
  );
  const requests = join(runDir, 'logs', 'network.log');
  return createTrees({
    store,
    checkout: projectDir,
    sandbox,
    network: createRunNetwork({
      ...{ config: config.sandbox, mirrorPath, env, directory: join(scratchDir, 'net') },
      onRequest: (line) => appendTextLine(requests, clean(line)),
    }),
    directory: join(scratchDir, 'trees'),
    env,
    extraNames: config.environment,
    ...(memoryBytes === null ? {} : { memoryBytes }),
  });
}

/** The seams of a run: each looks for the run's credentials, and is shut once one has shown; what they answer is recorded. */
function openPorts(
  input: StartInput,
  trees: Trees,
  { git, github, sink, exposure }: WatchedDeps,
  journal: JournalFile,
) {
  return recordPorts(
    {
      git: exposure.git(git, sink.plain),
      github: github === null ? null : exposure.github(github),
      model: exposure.model(redactPrompts(loadModel(input, journal), sink.secrets.redact)),
      trees,
    },
    { earlier: journal.earlier, reporter: journal, clean: sink.plain },
  );
}

/** Where a run's words go: to the journal, to models, to GitHub and into the logs of its checks. */
function outputs({ runDir }: StartInput, { sink, exposure }: WatchedDeps) {
  return {
    reporter: exposure.reporter,
    redact: sink.secrets.redact,
    clean: sink.markdown,
    cleanTitle: sink.plain,
    saveLog: createLogDirectory(join(runDir, 'logs'), (text) => {
      exposure.look(text);
      return sink.plain(text);
    }),
  };
}

async function openLedger({ config, trigger }: StartInput, journal: JournalFile, { runs }: Keeping): Promise<Ledger> {
  const { dailyCostLimitNanoUsd: ofAll, dailyCostLimitPerPersonNanoUsd: ofOne } = config.limits;
  const earlier = (ofAll ?? null) === null && (ofOne ?? null) === null ? [] : await runs();
  return createLedger({
    limits: config.limits,
    priceOf: (model) => priceOf(model, config.prices),
    before: usageOfJournal(journal.earlier.length === 0 ? [] : journal.entries().map(({ event }) => event)),
    today: spentToday(earlier, { atMs: systemClock.now(), actor: trigger.actor }),
  });
}

/** @returns the path of the HTML report */
async function leaveTraces(input: StartInput, journal: JournalFile, sink: Sink): Promise<string> {
  const { renderReport } = await import('./report/render-report.ts');
  const reportPath = join(input.runDir, 'report.html');
  const { transcripts } = input.config;
  const isShown = transcripts === 'always' || (transcripts === 'auto' && !input.isPublic);
  writeTextFile(reportPath, sink.plain(renderReport(journal.entries(), { transcripts: isShown })));
  writeStateFiles(input.projectDir, journal.state(), sink.plain);
  return reportPath;
}
