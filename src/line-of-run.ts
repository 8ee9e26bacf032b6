// A run as one line of the list of runs, by which days are limited and plans estimated.
import type { JournalEntry } from './events.ts';
import { projectRun } from './journal/project-run.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import type { EarlierRun } from './state/run-history.ts';

/** As the journal has it: money by what was reported, calls without an answer at their worst. */
export function lineOfRun(entries: readonly JournalEntry[]): EarlierRun {
  const { runId, trigger, tasks, lastAtMs } = projectRun(entries);
  return {
    runId,
    atMs: lastAtMs,
    actor: trigger?.actor ?? '',
    costNanoUsd: usageOfJournal(entries.map(({ event }) => event)).costNanoUsd,
    tasks: tasks
      .filter(({ turns }) => turns > 0)
      .map(({ task, turns, usage }) => ({ role: task.role, turns, costNanoUsd: usage.costNanoUsd })),
  };
}
