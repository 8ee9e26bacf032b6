// What a run keeps of itself in the repository: a record to go on from, its line in the list of runs, or nothing.
import type { Config } from './config/config.ts';
import { refusedToday } from './count-run.ts';
import type { RunError } from './errors.ts';
import type { JournalEntry } from './events.ts';
import type { RunState } from './journal/run-state.ts';
import { countPlan, keepState, noKeeping, type Keeping } from './keep-state.ts';
import type { Clock, Git, GitHub, Reporter } from './ports.ts';
import type { HandOver } from './start-hand-over.ts';
import type { EarlierRun } from './state/run-history.ts';
import type { StopReason } from './stop-run.ts';
import type { Trigger } from './types.ts';

export interface OpenKeepingInput {
  readonly trigger: Trigger;
  readonly config: Config;
  readonly runId: string;
  readonly earlierRunIds?: readonly string[];
  readonly checkout: { readonly commit: string };
  readonly problem: RunError | null;
  /** Earlier runs of the project on this machine: they count where no list of runs is kept on GitHub. */
  readonly localRuns?: () => readonly EarlierRun[];
}

export interface OpenKeepingDeps {
  readonly git: Git;
  readonly github: GitHub | null;
  readonly clock: Clock;
  readonly sink: { readonly plain: (text: string) => string };
  readonly stop: AbortController;
  /** Where another job publishes, which is the one that may write. */
  readonly handing: HandOver | null;
}

/** The run's journal, as far as it is needed here. */
interface Told extends Reporter {
  entries(): readonly JournalEntry[];
  state(): RunState;
  subscribe(listener: (entry: JournalEntry) => void): () => void;
}

/**
 * A terminal run without GitHub has its journal, and a plan builds nothing that could be gone on with. Rejects when the
 * branches cannot be read.
 */
export function openKeeping(input: OpenKeepingInput, deps: OpenKeepingDeps, journal: Told): Promise<Keeping> {
  const keeping = open(input, deps, journal);
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

async function open(
  { trigger, config, runId, earlierRunIds = [], checkout, problem, localRuns }: OpenKeepingInput,
  { git, github, clock, sink, stop, handing }: OpenKeepingDeps,
  journal: Told,
): Promise<Keeping> {
  if (problem !== null) return noKeeping;
  if (github === null) return { ...noKeeping, runs: () => Promise.resolve(localRuns?.() ?? []) };
  const { branchPrefix, limits } = config;
  const about = { trigger, runId, earlierRunIds, branchPrefix, limits, commit: checkout.commit };
  const deps = {
    ...{ git, github, clock, reporter: journal, state: journal.state, clean: sink.plain },
    events: () => journal.entries().map(({ event }) => event),
    stop: (by: string) => stop.abort({ by, hurried: false } satisfies StopReason),
  };
  if (handing !== null) {
    if (trigger.command === 'run') return { ...handing.keep(about), refusal: refusedToday(about, deps) };
    // Nothing is handed over of a plan, and this job may not write: it is held to the day's limits, and not counted.
    const { runs, refusal } = countPlan(about, deps);
    return { ...noKeeping, runs, refusal };
  }
  const kept = trigger.command === 'run' ? await keepState(about, deps) : countPlan(about, deps);
  return { ...kept, claim: tellingOnce(kept.claim, journal) };
}

/** That somebody else is at work ends the run: a replay has to know. */
function tellingOnce(claim: Keeping['claim'], journal: Told): Keeping['claim'] {
  let claimed: Promise<string | null> | null = null;
  const begin = async (): Promise<string | null> => {
    const busy = await claim();
    if (busy !== null) journal.emit({ type: 'call.ended', call: 'claim', answer: busy });
    return busy;
  };
  return () => {
    claimed ??= begin();
    claimed.catch(noop); // The caller's when it awaits.
    return claimed;
  };
}
