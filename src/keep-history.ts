// The list of runs for a run that keeps no record of itself: a plan on GitHub builds nothing that could be gone on with, but
// what it costs counts for the day, and its estimate goes by what was built before.
import { historyBranch } from './branch-names.ts';
import type { JournalEntry } from './events.ts';
import { noKeeping, type Keeping } from './keep-state.ts';
import { lineOfRun } from './line-of-run.ts';
import type { Git, Reporter } from './ports.ts';
import { createBranchFile } from './state/branch-file.ts';
import { recordRuns } from './state/record-runs.ts';
import { historyFile, parseHistory, type EarlierRun } from './state/run-history.ts';

export interface KeepHistoryInput {
  readonly branchPrefix: string;
  readonly runId: string;
  /** Head of the checkout. */
  readonly commit: string;
}

export interface KeepHistoryDeps {
  readonly git: Git;
  readonly reporter: Reporter;
  readonly entries: () => readonly JournalEntry[];
  readonly clean: (text: string) => string;
}

/** Reads the list when it is asked for, once, and adds this run to it at the end if it cost anything. */
export function keepHistory(input: KeepHistoryInput, { git, reporter, entries, clean }: KeepHistoryDeps): Keeping {
  const branch = historyBranch(input.branchPrefix);
  const file = createBranchFile({ git, anyId: input.commit, branch, file: historyFile, subject: 'Runs so far' });
  let read: Promise<readonly EarlierRun[]> | null = null;
  const others = async (): Promise<readonly EarlierRun[]> => {
    const there = await file.read();
    return parseHistory(there?.text ?? '').filter(({ runId }) => runId !== input.runId);
  };
  return {
    ...noKeeping,
    runs: () => (read ??= others()),
    finish: async () => {
      const line = lineOfRun(entries());
      if (line.costNanoUsd === 0) return;
      await recordRuns(file, [line], clean).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        reporter.emit({ type: 'warning', message: `The plan could not be added to the list of runs: ${why}` });
      });
    },
  };
}
