// The composition root: builds the adapters of one run, runs it, and leaves its traces wherever it ended.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createAnthropicModel } from './adapters/anthropic-model.ts';
import { openJournal, type JournalFile } from './adapters/journal-file.ts';
import { machineFacts } from './adapters/machine-facts.ts';
import { createLogDirectory } from './adapters/text-files.ts';
import { systemClock } from './adapters/system-clock.ts';
import { createTrees } from './adapters/trees.ts';
import type { GitStore } from './adapters/git-store.ts';
import { repeatedChunk } from './agent/stuck/repeated-chunk.ts';
import type { Config } from './config/config.ts';
import { describeFailure } from './describe-failure.ts';
import { isRunError, RunError } from './errors.ts';
import { asFullDisk } from './full-disk.ts';
import { activeMs } from './journal/active-time.ts';
import { keepState, noKeeping, type Keeping } from './keep-state.ts';
import { leaveTraces } from './leave-traces.ts';
import { createLedger, type Ledger } from './money/ledger.ts';
import { followPlan } from './money/follow-plan.ts';
import { priceOf } from './money/prices.ts';
import { spentToday } from './money/spent-today.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { GitHub, Model, Reporter } from './ports.ts';
import { knownMarkers } from './publish/effect-marker.ts';
import { renderProgressComment } from './publish/progress-comment.ts';
import { startProgress, type ProgressPublisher } from './publish/progress-publisher.ts';
import type { Sink } from './publish/sink.ts';
import { recordPorts, tellResumed } from './record/record-ports.ts';
import { run } from './run.ts';
import { beforeTheEnd, isHurried, lastWordsMs, tellStop, type StopReason } from './stop-run.ts';
import type { PullRequest, RunOutcome, Trigger } from './types.ts';
import type { RunState } from './journal/run-state.ts';

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
  /** How the run was asked for, for `resume` and `replay`: JSON without secrets. */
  readonly asked?: unknown;
  /** Trees; removed at the end. */
  readonly scratchDir: string;
  readonly toolhostPath: string;
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
}

/** Runs from trigger to outcome. Never throws for what went wrong in the run: the outcome says it. */
export async function startRun(input: StartInput, deps: StartDeps): Promise<EndedRun> {
  const journal = openJournal({
    path: join(input.runDir, 'journal.jsonl'),
    runId: input.runId,
    clock: systemClock,
    redact: deps.sink.plain,
  });
  journal.subscribe((entry) => deps.reporter.emit(entry.event));
  emitStart(input, journal);
  if (journal.earlier.length > 0) tellResumed(journal.earlier, input.version, journal);
  const progress = acknowledge(input, deps, journal);
  deps.stop.signal.addEventListener('abort', () => tellStop(deps.stop.signal, journal));
  const kept = openKeeping(input, deps, journal);
  const outcome = await beforeTheEnd(
    runGuarded(input, deps, journal, kept),
    deps.stop.signal,
    journal.state,
    systemClock,
  );
  const { usage, startedAtMs } = journal.state();
  journal.emit({ type: 'run.ended', outcome, usage, durationMs: systemClock.now() - startedAtMs });
  const finishing = Promise.all([progress?.finish(), kept.then((keeping) => keeping.finish()).catch(noop)]);
  await (isHurried(deps.stop.signal) ? Promise.race([finishing, systemClock.sleep(lastWordsMs)]) : finishing);
  const reportPath = await leaveTraces(input, journal, deps.sink.plain);
  journal.close();
  return { outcome, state: journal.state(), reportPath };
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
  { trigger, config, problem, earlierRunIds }: StartInput,
  { github, sink }: StartDeps,
  journal: JournalFile,
): Pick<ProgressPublisher, 'finish'> | null {
  const issueNumber = trigger.issueNumber ?? trigger.pullRequestNumber;
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
    .then(() => (problem === null ? github.react(target, 'eyes') : undefined))
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
function openKeeping(input: StartInput, { git, github, sink, stop }: StartDeps, journal: JournalFile) {
  const { trigger, config, runId, earlierRunIds = [], checkout, problem } = input;
  const isKept = github !== null && problem === null && trigger.command === 'run';
  const keeping: Promise<Keeping> = isKept
    ? keepState(
        { trigger, runId, earlierRunIds, branchPrefix: config.branchPrefix, commit: checkout.commit },
        {
          ...{ git, clock: systemClock, reporter: journal, state: journal.state, clean: sink.plain },
          events: () => journal.entries().map(({ event }) => event),
          stop: (by) => stop.abort({ by, hurried: false } satisfies StopReason),
        },
      )
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

async function runGuarded(
  input: StartInput,
  deps: StartDeps,
  journal: JournalFile,
  kept: Promise<Keeping>,
): Promise<RunOutcome> {
  const { config, problem } = input;
  if (problem !== null) return failure(problem, journal.state());
  let keeping: Keeping;
  try {
    keeping = await kept;
  } catch (error) {
    return failure(error, journal.state());
  }
  const ledger = await openLedger(input, journal, keeping);
  journal.subscribe(({ event }) => followPlan(event, ledger));
  const timer = new AbortController();
  limitTime(config.limits.timeoutMs, deps.stop, timer.signal, journal);
  const trees = createTrees({
    store: deps.git,
    checkout: input.projectDir,
    toolhostPath: input.toolhostPath,
    directory: join(input.scratchDir, 'trees'),
    env: input.env,
    extraNames: config.environment,
  });
  const ports = recordPorts(
    { git: deps.git, github: deps.github, model: loadModel(input, journal), trees },
    { earlier: journal.earlier, reporter: journal, clean: deps.sink.plain },
  );
  const [environment, nonce, earlier] = await Promise.all([
    ports.remember('environment', () => Promise.resolve(machineFacts())),
    ports.remember('nonce', () => Promise.resolve(randomBytes(16).toString('hex'))),
    // What was found at the first start decides how the run goes, also when it is executed again.
    ports.remember('earlier work', () => Promise.resolve(keeping.earlier)),
  ]);
  try {
    return await run(
      { ...input, environment, nonce },
      {
        ...ports,
        reporter: journal,
        clock: systemClock,
        signal: deps.stop.signal,
        state: journal.state,
        clean: deps.sink.markdown,
        cleanTitle: deps.sink.plain,
        ...(input.earlierRunIds === undefined ? {} : { earlierRunIds: input.earlierRunIds }),
        saveLog: createLogDirectory(join(input.runDir, 'logs'), deps.sink.plain),
        ledger,
        keeping: { ...keeping, earlier, runs: () => ports.remember('earlier runs', keeping.runs) },
      },
    );
  } catch (error) {
    return failure(error, journal.state());
  } finally {
    timer.abort();
    await trees.close();
  }
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

/** Setting up that much code holds up everything else, so the first requests to GitHub are to be on their way by then. */
const requestsOutMs = 4;

/**
 * The adapter with its SDK is a third of all code and not needed before GitHub has answered, so it is set up meanwhile. A model without a price is refused before the adapter is asked, by the ledger.
 */
function loadModel(input: StartInput, journal: JournalFile): Model {
  const { config } = input;
  const loading = systemClock.sleep(requestsOutMs).then(() => createModel(input, journal));
  let loaded: Model | null = null;
  loading.then(
    (model) => {
      loaded = model;
    },
    () => undefined, // Told by the first call.
  );
  return {
    send: async (request, signal) => (await loading).send(request, signal),
    contextWindowTokens: (model) =>
      loaded?.contextWindowTokens?.(model) ?? priceOf(model, config.prices)?.contextWindowTokens ?? 0,
    countTokens: async (request) => (await (await loading).countTokens?.(request)) ?? null,
  };
}

async function createModel({ apiKey, modelUrl, config, runId }: StartInput, journal: JournalFile): Promise<Model> {
  const { provider, manager, roles, prices } = config;
  const baseUrl = config.baseUrl ?? (provider === 'anthropic' ? modelUrl : null);
  const options = {
    apiKey,
    ...(baseUrl === null ? {} : { baseUrl }),
    priceOf: (model: string) => priceOf(model, prices),
    clock: systemClock,
    isRunaway: (text: string) => repeatedChunk(text) !== null,
    hasFallback: (model: string) =>
      [manager, ...roles].some((role) => role.model === model && role.fallbackModel !== null),
    onRetry: (attempt: number, reason: string, delayMs: number) =>
      journal.emit({ type: 'model.retried', attempt, reason, delayMs }),
  };
  if (provider === 'anthropic') return createAnthropicModel(options);
  const { createOpenAiModel } = await import('./adapters/openai-model.ts');
  const onEstimated = (model: string): void =>
    journal.emit({
      type: 'warning',
      message: `The server does not report the usage of "${model}": tokens and cost are counted at their upper bound.`,
    });
  return createOpenAiModel({ ...options, provider, cacheKey: `run-${runId}`.slice(0, 64), onEstimated });
}

function limitTime(timeoutMs: number | null, stop: AbortController, signal: AbortSignal, journal: JournalFile): void {
  if (timeoutMs === null) return;
  const minutes = `${timeoutMs / 60_000} minutes`;
  systemClock.sleep(Math.max(0, timeoutMs - activeMs(journal.earlier)), signal).then(
    () => {
      journal.emit({
        type: 'limit.reached',
        limit: { limit: 'limits.timeout_minutes', value: minutes, spent: minutes },
      });
      stop.abort();
    },
    () => undefined, // The run ended before.
  );
}

function failure(thrown: unknown, state: RunState): RunOutcome {
  const error = asFullDisk(thrown) ?? thrown;
  const saved = state.branches.map((branch) => branch.branch);
  const code = isRunError(error) ? error.code : null;
  return { kind: 'failed', stage: state.stage ?? 'trigger', code, error: describeFailure(error), saved };
}
