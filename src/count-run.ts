// Holds a run to the number of runs of a day: looked at before it begins, and again as it gets into the list.
import { historyBranch } from './branch-names.ts';
import { isRunError } from './errors.ts';
import type { Clock, GitHub } from './ports.ts';
import type { BranchFile } from './state/branch-file.ts';
import { hasRunLimit, pauseBefore, refuseRun, type RunLimits, type StartingRun } from './state/count-runs.ts';
import { recordRuns } from './state/record-runs.ts';
import { historyFile, parseHistory, type EarlierRun } from './state/run-history.ts';

export interface CountedRun {
  readonly trigger: { readonly actor: string };
  readonly runId: string;
  readonly branchPrefix: string;
  readonly limits: RunLimits;
}

/** Times it is tried to get into the list: everybody who begins at the same time wants to. */
const maxTries = 20;

/** Why the run must not begin today, or null. By one request, which can be on its way while everything else is opened. */
export async function refusedToday(
  run: CountedRun,
  { github, clock }: { readonly github: Pick<GitHub, 'readFile'>; readonly clock: Clock },
): Promise<string | null> {
  if (!hasRunLimit(run.limits)) return null;
  const text = await github.readFile(historyBranch(run.branchPrefix), historyFile);
  return refuseRun(parseHistory(text ?? ''), run.limits, startOf(run, clock));
}

/** Adds the run to the list before its work is paid for: of many that start at once, no more get in than may. */
export async function countIn(
  history: BranchFile,
  run: CountedRun,
  deps: { readonly line: EarlierRun; readonly clock: Clock; readonly clean: (text: string) => string },
): Promise<string | null> {
  const { line, clock, clean } = deps;
  try {
    return await recordRuns(history, [line], {
      ...{ clean, maxTries },
      refuse: (there) => refuseRun(there, run.limits, startOf(run, clock)),
      pause: (attempt) => clock.sleep(pauseBefore(attempt, run.runId)),
    });
  } catch (error) {
    if (isRunError(error)) throw error;
    return 'So many runs begin at once that this one could not be counted; start it again.';
  }
}

const startOf = ({ trigger: { actor }, runId }: CountedRun, clock: Clock): StartingRun => ({
  runId,
  actor,
  atMs: clock.now(),
});
