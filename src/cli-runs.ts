// `ai-implement runs` and `report`: what the journals of a project say, without starting anything.
import { dirname, join, resolve } from 'node:path';
import { readJournalFile } from './adapters/read-journal-file.ts';
import { listRuns, type RunFolder } from './adapters/run-folders.ts';
import { writeTextFile } from './adapters/text-files.ts';
import { projectRun } from './journal/project-run.ts';
import type { RunState } from './journal/run-state.ts';
import { formatUsd } from './money/format-usd.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';

/** One line a run, newest first, under a line of titles. */
export function runsTable(projectDir: string): string {
  const rows = [...listRuns(resolve(projectDir))].reverse().map(rowOf);
  if (rows.length === 0) return 'There are no runs yet.\n';
  const all = [['RUN', 'BEGUN', 'STATE', 'COST', 'BRANCH'], ...rows];
  const widths = (all[0] ?? []).map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function rowOf(run: RunFolder): readonly string[] {
  if (run.journal === null) return [run.runId, '', 'unreadable', '', run.problem?.split('\n', 1)[0] ?? ''];
  const { entries } = run.journal;
  const state = projectRun(entries);
  const begun = new Date(state.startedAtMs).toISOString().slice(0, 16).replace('T', ' ');
  const cost = formatUsd(usageOfJournal(entries.map(({ event }) => event)).costNanoUsd);
  return [run.runId, begun, standing(run, state), cost, branchOf(state)];
}

function standing({ hasEnded, pid }: RunFolder, { outcome, stage }: RunState): string {
  if (hasEnded) return outcome?.kind ?? 'ended';
  return pid === null ? `killed (${stage ?? 'start'})` : `going (${stage ?? 'start'})`;
}

function branchOf({ outcome, branches }: RunState): string {
  const branch = outcome !== null && 'branch' in outcome ? outcome.branch : null;
  return branch ?? branches.at(-1)?.branch ?? '';
}

/** @returns where it is. @throws RunError of a journal that cannot be read */
export async function writeReport(journalPath: string, output: string | null): Promise<string> {
  const { entries } = readJournalFile(journalPath);
  const { renderReport } = await import('./report/render-report.ts');
  const path = resolve(output ?? join(dirname(journalPath), 'report.html'));
  // The journal is redacted already: what is made of it holds no secret.
  writeTextFile(path, renderReport(entries));
  return path;
}
