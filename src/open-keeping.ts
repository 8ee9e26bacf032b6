// What a run keeps of itself in the repository: a record to go on from, its line in the list of runs, or nothing.
import type { Config } from './config/config.ts';
import type { RunError } from './errors.ts';
import type { JournalEntry } from './events.ts';
import type { RunState } from './journal/run-state.ts';
import { keepHistory } from './keep-history.ts';
import { keepState, noKeeping, type Keeping } from './keep-state.ts';
import type { Clock, Git, GitHub, Reporter } from './ports.ts';
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
  readonly localRuns?: () => readonly EarlierRun[];
}

export interface OpenKeepingDeps {
  readonly git: Git;
  readonly github: GitHub | null;
  readonly clock: Clock;
  readonly sink: { readonly plain: (text: string) => string };
  readonly stop: AbortController;
}

/** The run's journal, as far as it is needed here. */
interface Told extends Reporter {
  entries(): readonly JournalEntry[];
  state(): RunState;
  subscribe(listener: (entry: JournalEntry) => void): () => void;
}

/** Rejects when the branches cannot be read. */
export function openKeeping(input: OpenKeepingInput, deps: OpenKeepingDeps, journal: Told): Promise<Keeping> {
  const { trigger, problem } = input;
  const isKept = deps.github !== null && problem === null && trigger.command === 'run';
  const keeping = isKept ? openRecord(input, deps, journal) : Promise.resolve(withoutRecord(input, deps, journal));
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

function openRecord(
  { trigger, config, runId, earlierRunIds = [], checkout }: OpenKeepingInput,
  { git, clock, sink, stop }: OpenKeepingDeps,
  journal: Told,
): Promise<Keeping> {
  return keepState(
    { trigger, runId, earlierRunIds, branchPrefix: config.branchPrefix, commit: checkout.commit },
    {
      ...{ git, clock, reporter: journal, state: journal.state, clean: sink.plain },
      events: () => journal.entries().map(({ event }) => event),
      stop: (by) => stop.abort({ by, hurried: false } satisfies StopReason),
    },
  );
}

/** A plan on GitHub builds nothing that could be gone on with; a terminal run without GitHub has the journals there. */
function withoutRecord(
  { config, runId, checkout, problem, localRuns }: OpenKeepingInput,
  { git, github, sink }: OpenKeepingDeps,
  journal: Told,
): Keeping {
  if (problem !== null) return noKeeping;
  if (github === null) return { ...noKeeping, runs: () => Promise.resolve(localRuns?.() ?? []) };
  return keepHistory(
    { branchPrefix: config.branchPrefix, runId, commit: checkout.commit },
    { git, reporter: journal, entries: journal.entries, clean: sink.plain },
  );
}
