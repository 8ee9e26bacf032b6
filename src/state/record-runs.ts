// Adds runs to the history of the repository, whoever else writes there at the same time.
import type { BranchFile } from './branch-file.ts';
import { formatHistory, parseHistory, withRun, type EarlierRun } from './run-history.ts';

/** Each loser of a race reads again; with more writers than this at once somebody gives up. */
const maxTries = 8;

/** @throws what git says, or an Error when others were always first */
export async function recordRuns(
  file: BranchFile,
  added: readonly EarlierRun[],
  clean: (text: string) => string,
): Promise<void> {
  for (let i = 0; i < maxTries; i++) {
    const there = await file.read();
    const runs = added.reduce(withRun, parseHistory(there?.text ?? ''));
    if ((await file.write(formatHistory(runs, clean), [], there?.commit ?? null)) !== null) return;
  }
  throw new Error('The list of runs changed each time before this run could be added to it.');
}
