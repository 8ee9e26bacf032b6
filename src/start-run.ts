// The composition root: builds the adapters of one run, runs it, and leaves its traces wherever it ended.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { acknowledge, whenAdmitted } from './acknowledge-run.ts';
import { openJournal, type JournalFile } from './adapters/journal-file.ts';
import { machineFacts } from './adapters/machine-facts.ts';
import { writeStateFiles } from './adapters/state-files.ts';
import { createLogDirectory } from './adapters/text-files.ts';
import { systemClock } from './adapters/system-clock.ts';
import { RunError } from './errors.ts';
import type { RunEvent } from './events.ts';
import { failedOutcome } from './failed-outcome.ts';
import { activeMs } from './journal/active-time.ts';
import type { Keeping } from './keep-state.ts';
import { leaveTraces } from './leave-traces.ts';
import { limitTime } from './limit-time.ts';
import { openKeeping } from './open-keeping.ts';
import { openPreflight, preflightOf } from './open-preflight.ts';
import { networkFact, openTrees } from './open-trees.ts';
import { createLedger, type Ledger } from './money/ledger.ts';
import { loadModel } from './load-model.ts';
import { followPlan } from './money/follow-plan.ts';
import { pricesOn, type PriceList } from './money/prices.ts';
import { spentToday } from './money/spent-today.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { Trees } from './ports.ts';
import type { Preflight } from './preflight/preflight.ts';
import { recordPorts, tellResumed } from './record/record-ports.ts';
import { redactPrompts } from './redact-prompts.ts';
import { startedEvent } from './record/started-run.ts';
import { runRecorded } from './run-recorded.ts';
import { leaveWork, openHandOver } from './start-hand-over.ts';
import type { EndedRun, StartDeps, StartInput } from './start-input.ts';
import { beforeTheEnd, isHurried, lastWordsMs, tellStop } from './stop-run.ts';
import type { RunOutcome } from './types.ts';
import { watchExposure, type ExposureWatch } from './watch-exposure.ts';

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
  journal.subscribe(({ event }) => {
    if (isNews(event)) writeStateFiles(input.projectDir, journal.state(), deps.sink.plain);
  });
  const wasExposed = journal.earlier.some(({ event }) => event.type === 'credential.exposed');
  const exposure = watchExposure(
    { finder: deps.sink.secrets, reporter: journal, onExposed: () => deps.stop.abort() },
    wasExposed,
  );
  emitStart(input, journal);
  if (journal.earlier.length > 0) tellResumed(journal.earlier, input.version, journal);
  const admitted = whenAdmitted(journal, systemClock);
  const progress = acknowledge(input, admitted, { ...deps, clock: systemClock, journal });
  const preflight = openPreflight(preflightOf(input, deps.github), admitted, journal);
  deps.stop.signal.addEventListener('abort', () => tellStop(deps.stop.signal, journal));
  const kept = openKeeping(input, { ...deps, clock: systemClock, handing }, journal);
  const ended = await beforeTheEnd(
    runGuarded(input, { ...deps, exposure }, journal, { kept, preflight }),
    deps.stop.signal,
    journal.state,
    systemClock,
  );
  const { outcome, handedOver } = await leaveWork(ended, handing, journal);
  const { usage, startedAtMs } = journal.state();
  journal.emit({ type: 'run.ended', outcome, usage, durationMs: systemClock.now() - startedAtMs });
  const keeping = kept.then((one) => one.finish()).catch(noop);
  const finishing = Promise.all([progress?.finish(), keeping, preflight?.told]);
  await (isHurried(deps.stop.signal) ? Promise.race([finishing, systemClock.sleep(lastWordsMs)]) : finishing);
  const reportPath = await leaveTraces(input, journal, deps.sink.plain);
  journal.close();
  return { outcome, state: journal.state(), reportPath, handedOver };
}

function emitStart(input: StartInput, journal: JournalFile): void {
  const { trigger, config, runId, version, warnings, asked, earlierRunIds = [], problem } = input;
  const { checkout, branch, continues } = input;
  if (journal.earlier.length === 0) {
    if (asked !== undefined) journal.emit({ type: 'call.ended', call: 'asked', answer: asked });
    if (problem === null) journal.emit(startedEvent({ config, checkout, branch, continues, earlierRunIds }));
  }
  journal.emit({ type: 'run.started', runId, version, trigger, model: config.model, limits: config.limits });
  for (const message of warnings) journal.emit({ type: 'warning', message });
}

/** What people and agents look into team-communication.json for while a run goes on. */
const isNews = ({ type }: RunEvent): boolean =>
  ['plan.accepted', 'task.started', 'task.ended', 'merge.ended', 'escalation.ended', 'question.asked'].includes(type);

const noop = (): void => undefined;

type WatchedDeps = StartDeps & { readonly exposure: ExposureWatch };

async function runGuarded(
  input: StartInput,
  deps: WatchedDeps,
  journal: JournalFile,
  { kept, preflight }: { readonly kept: Promise<Keeping>; readonly preflight: Preflight | null },
): Promise<RunOutcome> {
  const { config, problem } = input;
  const { exposure } = deps;
  if (problem !== null) return failedOutcome(problem, journal.state());
  // The sandbox is tried out meanwhile: that takes longest of all that comes before the first request to the model.
  const trees = openTrees(input, deps.git, deps.sink.plain);
  let keeping: Keeping;
  try {
    keeping = await kept;
  } catch (error) {
    await trees.close();
    return failedOutcome(error, journal.state());
  }
  const prices = pricesOn(journal.state().startedAtMs, config.prices);
  const ledger = await openLedger(input, { journal, prices, keeping });
  journal.subscribe(({ event }) => followPlan(event, ledger));
  const timer = new AbortController();
  limitTime(config.limits.timeoutMs, activeMs(journal.earlier), {
    ...{ clock: systemClock, reporter: journal, stop: deps.stop, ended: timer.signal },
  });
  journal.subscribe(({ event }) => {
    // Nobody waits for what still runs.
    if (event.type === 'credential.exposed') trees.close().catch(noop);
  });
  const ports = openPorts(input, { trees, prices }, deps, journal);
  try {
    const outcome = await runRecorded(input, {
      ports,
      keeping,
      environment: () => [...machineFacts(), networkFact(config.sandbox.network)],
      nonce: () => randomBytes(16).toString('hex'),
      ...outputs(input, deps),
      clock: systemClock,
      signal: deps.stop.signal,
      state: journal.state,
      findSecrets: deps.sink.secrets.find,
      ...(input.earlierRunIds === undefined ? {} : { earlierRunIds: input.earlierRunIds }),
      ledger,
      priceOf: prices,
      ...(preflight === null ? {} : { preflight }),
    });
    return exposure.isExposed() ? failedOutcome(new RunError('credential-exposed'), journal.state()) : outcome;
  } catch (error) {
    return failedOutcome(exposure.isExposed() ? new RunError('credential-exposed') : error, journal.state());
  } finally {
    timer.abort();
    await trees.close();
  }
}

/** The seams of a run: each looks for the run's credentials, and is shut once one has shown; what they answer is recorded. */
function openPorts(
  input: StartInput,
  { trees, prices }: { readonly trees: Trees; readonly prices: PriceList },
  { git, github, sink, exposure }: WatchedDeps,
  journal: JournalFile,
) {
  return recordPorts(
    {
      git: exposure.git(git, sink.plain),
      github: github === null ? null : exposure.github(github),
      model: exposure.model(redactPrompts(loadModel(input, prices, journal), sink.secrets.redact)),
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

interface LedgerParts {
  readonly journal: JournalFile;
  readonly prices: PriceList;
  readonly keeping: Keeping;
}

async function openLedger({ config, trigger }: StartInput, { journal, prices, keeping }: LedgerParts): Promise<Ledger> {
  const { dailyCostLimitNanoUsd: ofAll, dailyCostLimitPerPersonNanoUsd: ofOne } = config.limits;
  const earlier = (ofAll ?? null) === null && (ofOne ?? null) === null ? [] : await keeping.runs();
  return createLedger({
    limits: config.limits,
    priceOf: prices,
    before: usageOfJournal(journal.earlier.length === 0 ? [] : journal.entries().map(({ event }) => event)),
    today: spentToday(earlier, { atMs: systemClock.now(), actor: trigger.actor }),
  });
}
