// What a run keeps of itself whose job may not write to the repository: nothing there. It reads what earlier runs have cost,
// and listens for the word that stops it.
import { stateBranch, triggerSlug } from './branch-names.ts';
import { noKeeping, openHistory, readOthers, type KeepStateInput, type Keeping } from './keep-state.ts';
import type { Clock, Git, Reporter } from './ports.ts';
import { createBranchFile } from './state/branch-file.ts';
import type { EarlierRun } from './state/run-history.ts';
import type { StateRecord } from './state/state-record.ts';
import { stopFile, watchForStop } from './state/stop-note.ts';

export interface KeepForHandOverDeps {
  readonly git: Git;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Ends the run early. */
  readonly stop: (by: string) => void;
}

export interface HandOverKeeping extends Keeping {
  /** Where the run started and where its result goes; null before it knows. */
  readonly base: () => StateRecord['base'];
}

/** Begins to listen. No earlier run is gone on with: its record would have to be taken over, which is a write. */
export function keepForHandOver(input: KeepStateInput, { git, ...deps }: KeepForHandOverDeps): HandOverKeeping {
  const { trigger, branchPrefix, commit: anyId } = input;
  const branch = stateBranch(branchPrefix, triggerSlug(trigger));
  const ended = new AbortController();
  const watching = watchForStop({
    file: createBranchFile({ git, anyId, branch, file: stopFile, subject: 'A run is to stop' }),
    clock: deps.clock,
    signal: ended.signal,
    onStop: deps.stop,
    onFailed: (error) => {
      const why = error instanceof Error ? error.message : String(error);
      deps.reporter.emit({ type: 'warning', message: `A wish to stop this run could not be looked for: ${why}` });
    },
  });
  let base: StateRecord['base'] = null;
  let read: Promise<readonly EarlierRun[]> | null = null;
  return {
    ...noKeeping,
    runs: () => (read ??= readOthers(openHistory(input, git), input)),
    note: (more) => {
      base = more.base ?? base;
    },
    finish: () => {
      ended.abort();
      return watching;
    },
    base: () => base,
  };
}
