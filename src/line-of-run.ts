// A run as one line of the list of runs, by which days are limited and plans estimated.
import type { JournalEntry } from './events.ts';
import { projectRun } from './journal/project-run.ts';
import type { RunState } from './journal/run-state.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { EarlierRun } from './state/run-history.ts';

/** `measured`: money by what was reported, calls without an answer at their worst. */
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

/** The line of a run that is known by its journal only. */
export function lineOfJournal(entries: readonly JournalEntry[]): EarlierRun {
  const state = projectRun(entries);
  const { costNanoUsd } = usageOfJournal(entries.map(({ event }) => event));
  return lineOfRun(state, { atMs: state.lastAtMs, costNanoUsd });
}
