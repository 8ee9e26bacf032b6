// Adds runs to the history of the repository, whoever else writes there at the same time.
import type { BranchFile } from './branch-file.ts';
import { formatHistory, parseHistory, withRun, type EarlierRun } from './run-history.ts';

/** Each loser of a race reads again; with more writers than this at once somebody gives up. */
const usualTries = 8;

export interface RecordRunsOptions {
  readonly clean: (text: string) => string;
  /** Why the runs must not be added to those that are there; null when they may. Asked again after each lost race. */
  readonly refuse?: (there: readonly EarlierRun[]) => string | null;
  readonly maxTries?: number;
  /** Waits before the next try; `attempt` counts from 1. */
  readonly pause?: (attempt: number) => Promise<void>;
}

/** @returns why they were not added; null when they were. @throws what git says, or an Error when others were always first */
export async function recordRuns(
  file: BranchFile,
  added: readonly EarlierRun[],
  { clean, refuse, pause, maxTries = usualTries }: RecordRunsOptions,
): Promise<string | null> {
  for (let attempt = 1; attempt <= maxTries; attempt++) {
    const there = await file.read();
    const known = parseHistory(there?.text ?? '');
    const refused = refuse?.(known) ?? null;
    if (refused !== null) return refused;
    const runs = added.reduce(withRun, known);
    if ((await file.write(formatHistory(runs, clean), [], there?.commit ?? null)) !== null) return null;
    await pause?.(attempt);
  }
  throw new Error('The list of runs changed each time before this run could be added to it.');
}
