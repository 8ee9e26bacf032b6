// What a run keeps in the repository of itself: the record by which a start on another machine goes on, which is also the
// lock of what it is about, and its line in the list of all runs.
import { historyBranch, stateBranch, triggerSlug } from './branch-names.ts';
import type { RunEvent } from './events.ts';
import type { RunState } from './journal/run-state.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { Clock, Git, Reporter } from './ports.ts';
import { createBranchFile, type BranchFile } from './state/branch-file.ts';
import { recordRuns } from './state/record-runs.ts';
import { historyFile, parseHistory, type EarlierRun } from './state/run-history.ts';
import { neededCommits, noNotes, stateContent, type StateNotes } from './state/state-content.ts';
import { createStateKeeper, type StateKeeper } from './state/state-keeper.ts';
import { parseStateRecord, stateFile, type StateRecord } from './state/state-record.ts';
import { busyReason, isAtWork, silentMs } from './state/work-claim.ts';
import type { Trigger } from './types.ts';

export interface Keeping {
  /** What an earlier run about the same has left, if it can be gone on from; null when there is nothing. */
  readonly earlier: StateRecord | null;
  /** Other runs of the repository, newest first. Read when they are asked for: few runs need them before they have a plan. */
  readonly runs: () => Promise<readonly EarlierRun[]>;
  /**
   * Null once the work is this run's alone; else why it must not go on. A run that is at work is seen before this one
   * begins; what is claimed in the same second shows here, at the latest when the plan stands.
   */
  readonly claim: Promise<string | null>;
  note(notes: Partial<StateNotes>): void;
  /** From now on this run's record stands for itself: it went on from the earlier one, or did not. */
  settle(goesOn: boolean): void;
  /** True once another run has taken over; nothing may be published then. */
  isLost(): boolean;
  /** Writes what is left to write. Never rejects. */
  finish(): Promise<void>;
}

export interface KeepStateInput {
  readonly trigger: Trigger;
  readonly runId: string;
  readonly earlierRunIds: readonly string[];
  readonly branchPrefix: string;
  /** Head of the checkout. */
  readonly commit: string;
}

export interface KeepStateDeps {
  readonly git: Git;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly state: () => RunState;
  /** All events of the run so far. */
  readonly events: () => Iterable<RunEvent>;
  readonly clean: (text: string) => string;
  /** Ends the run early. */
  readonly stop: (by: string) => void;
}

/** A push takes four processes: they are not to stand before the first request to the model, which takes seconds. */
const claimAfterMs = 250;

/** A run that was asked to stop is waited for this often, in milliseconds. */
const waitMs = 5_000;

/** Reads what is there and begins to claim the work. @throws what git says when the branches cannot be read */
export async function keepState(input: KeepStateInput, deps: KeepStateDeps): Promise<Keeping> {
  const files = openFiles(input, deps.git);
  const first = await readRecord(files.record);
  let read: Promise<readonly EarlierRun[]> | null = null;
  const others = (): Promise<readonly EarlierRun[]> => (read ??= readOthers(files.history, input));
  const there = await awaitStop(first, files.record, input, deps);
  const busy = there.record !== null && isAtWork(there.record, input, deps.clock.now());
  if (busy) return busyWith(there.record, others);
  let notes = noNotes;
  let carried = isOpen(there.record, input) ? there.record : null;
  let lost = false;
  const keeper = createStateKeeper({
    ...deps,
    file: files.record,
    content: () => {
      const record = stateContent(deps.state(), notes, usageOfJournal(deps.events()), carried);
      const goneOnWith = deps.state().isExposed ? null : carried;
      return { record, parents: parentsOf(goneOnWith, there.commit, neededCommits(record)) };
    },
    onStop: deps.stop,
    onLost: (runId) => {
      lost = true;
      deps.stop(`run ${runId}, which has taken over`);
    },
    onFailed: warn(deps, 'The record of the run could not be written'),
  });
  const claim = deps.clock.sleep(claimAfterMs).then(() => claimBy(keeper, there.commit, files.record));
  claim.catch(() => undefined); // The caller's when it awaits.
  return {
    earlier: carried,
    runs: others,
    claim,
    note: (more) => {
      notes = { ...notes, ...more };
      keeper.touch();
    },
    settle: (goesOn) => {
      if (goesOn && carried !== null) {
        notes = { ...notes, before: carried.usage, branchesBefore: carried.effects.branches };
      }
      carried = null;
      keeper.touch();
    },
    isLost: () => lost,
    finish: async () => {
      // A run that was killed could not add itself.
      const lines = there.record === null || there.record.runId === input.runId ? [] : [lineOfRecord(there.record)];
      const recorded = recordRuns(files.history, [...lines, lineOf(deps)], deps.clean);
      await Promise.all([
        keeper.finish(),
        recorded.catch(warn(deps, 'The run could not be added to the list of runs')),
      ]);
    },
  };
}

/** Runs of the repository but this one, newest first. */
export async function readOthers(
  history: BranchFile,
  { runId }: Pick<KeepStateInput, 'runId'>,
): Promise<readonly EarlierRun[]> {
  const there = await history.read();
  return parseHistory(there?.text ?? '').filter((other) => other.runId !== runId);
}

interface Files {
  readonly record: BranchFile;
  readonly history: BranchFile;
}

function openFiles({ trigger, branchPrefix, commit: anyId }: KeepStateInput, git: Git): Files {
  const branch = stateBranch(branchPrefix, triggerSlug(trigger));
  return {
    record: createBranchFile({ git, anyId, branch, file: stateFile, subject: 'State of a run' }),
    history: openHistory({ branchPrefix, commit: anyId }, git),
  };
}

/** The list of all runs of the repository. */
export const openHistory = (
  { branchPrefix, commit: anyId }: Pick<KeepStateInput, 'branchPrefix' | 'commit'>,
  git: Git,
): BranchFile =>
  createBranchFile({
    ...{ git, anyId, file: historyFile },
    branch: historyBranch(branchPrefix),
    subject: 'Runs so far',
  });

interface There {
  readonly commit: string | null;
  readonly record: StateRecord | null;
}

async function readRecord(file: BranchFile): Promise<There> {
  const there = await file.read();
  return { commit: there?.commit ?? null, record: there?.text == null ? null : parseStateRecord(there.text) };
}

/** A run that was asked to stop is let come to its end; then its work is free. */
async function awaitStop(
  first: There,
  file: BranchFile,
  claimant: KeepStateInput,
  { clock }: KeepStateDeps,
): Promise<There> {
  let there = first;
  const untilMs = clock.now() + silentMs;
  const isStopping = ({ record }: There) => record?.stop != null && isAtWork(record, claimant, clock.now());
  while (isStopping(there) && clock.now() < untilMs) {
    await clock.sleep(waitMs);
    there = await readRecord(file);
  }
  return there;
}

async function claimBy(keeper: StateKeeper, over: string | null, file: BranchFile): Promise<string | null> {
  if (await keeper.take(over)) return null;
  const { record } = await readRecord(file);
  return record === null ? 'Another run has just taken this up.' : busyReason(record);
}

/** The same run on the same machine goes on from its journal, which knows more. */
const isOpen = (record: StateRecord | null, { runId }: KeepStateInput): boolean =>
  record !== null && record.phase !== 'ended' && record.runId !== runId;

const parentsOf = (carried: StateRecord | null, over: string | null, needed: readonly string[]): readonly string[] =>
  carried === null || over === null ? needed : [over];

function busyWith(record: StateRecord | null, runs: Keeping['runs']): Keeping {
  return {
    earlier: null,
    runs,
    claim: Promise.resolve(record === null ? null : busyReason(record)),
    note: () => undefined,
    settle: () => undefined,
    isLost: () => false,
    finish: () => Promise.resolve(),
  };
}

/** For a run that keeps no record: a plan, and a terminal run without GitHub. */
export const noKeeping: Keeping = busyWith(null, () => Promise.resolve([]));

const warn =
  ({ reporter }: KeepStateDeps, what: string) =>
  (error: unknown): void =>
    reporter.emit({ type: 'warning', message: `${what}: ${error instanceof Error ? error.message : String(error)}` });

const lineOfRecord = ({ runId, beatAtMs, actor, usage, landed }: StateRecord): EarlierRun => ({
  runId,
  atMs: beatAtMs,
  actor,
  costNanoUsd: usage.costNanoUsd,
  tasks: (landed?.results ?? []).map(({ task, turns, usage: own }) => ({
    ...{ role: task.role, turns },
    costNanoUsd: own.costNanoUsd,
  })),
});

const lineOf = ({ state, clock, events }: KeepStateDeps): EarlierRun =>
  lineOfRun(state(), { atMs: clock.now(), costNanoUsd: usageOfJournal(events()).costNanoUsd });

/** A run's line in the list of runs. */
export function lineOfRun(
  { runId, trigger, tasks }: Pick<RunState, 'runId' | 'trigger' | 'tasks'>,
  measured: Pick<EarlierRun, 'atMs' | 'costNanoUsd'>,
): EarlierRun {
  return {
    runId,
    ...measured,
    actor: trigger?.actor ?? '',
    tasks: tasks
      .filter(({ turns }) => turns > 0)
      .map(({ task, turns, usage }) => ({ role: task.role, turns, costNanoUsd: usage.costNanoUsd })),
  };
}
