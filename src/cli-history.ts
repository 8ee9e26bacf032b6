// The list of runs of a project without GitHub: what the journals on this machine say.
import { listRuns } from './adapters/run-folders.ts';
import { lineOfJournal } from './line-of-run.ts';
import type { EarlierRun } from './state/run-history.ts';

/** As many of the newest say enough of a repository, and a day seldom has more. Reading one takes milliseconds. */
const mostRuns = 50;

/** Newest first, without the run itself; journals that cannot be read are left out. */
export function localRuns(projectDir: string, ownRunId: string): readonly EarlierRun[] {
  const others = listRuns(projectDir).filter(({ runId }) => runId !== ownRunId);
  return others
    .slice(-mostRuns)
    .reverse()
    .flatMap(({ journal }) => (journal === null ? [] : [lineOfJournal(journal.entries)]));
}
