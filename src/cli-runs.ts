// `ai-implement runs` and `report`: what the journals of a project say, without starting anything.
import { dirname, join, resolve } from 'node:path';
import { findJournal, readJournalFile } from './adapters/read-journal-file.ts';
import { listRuns, type RunFolder } from './adapters/run-folders.ts';
import { writeTextFile } from './adapters/text-files.ts';
import { projectRun } from './journal/project-run.ts';
import { requestTitle } from './journal/run-facts.ts';
import type { RunState } from './journal/run-state.ts';
import { formatUsd } from './money/format-usd.ts';
import { usageOfJournal } from './money/usage-of-journal.ts';
import { askedOf } from './record/asked-run.ts';
import { oneLine } from './publish/foreign.ts';

/** One line a run, newest first, under a line of titles; then how a killed one is gone on with, if there is one. */
export function runsTable(projectDir: string): string {
  const directory = resolve(projectDir);
  const runs = [...listRuns(directory)].reverse();
  if (runs.length === 0) return `There are no runs in ${directory} yet.\n`;
  const rows = [['RUN', 'BEGUN', 'STATE', 'COST', 'BRANCH', 'REQUEST'], ...runs.map(rowOf)];
  const lines = rows.map((row) => row.map((cell, i) => cell.padEnd(widthOf(rows, i))).join('  '));
  const killed = runs.find(isResumable)?.runId;
  const advice =
    killed === undefined
      ? []
      : ['', `Go on with a killed run: \`ai-implement resume ${killed}\`, or its command again.`];
  return [...lines, ...advice].map((line) => `${line.trimEnd()}\n`).join('');
}

const isResumable = ({ hasEnded, pid, journal }: RunFolder): boolean =>
  !hasEnded && pid === null && journal !== null && askedOf(journal.entries) !== null;

const widthOf = (rows: readonly (readonly string[])[], column: number): number =>
  Math.max(...rows.map((row) => row[column]?.length ?? 0));

/** Characters of a request that are shown. */
const requestLength = 40;

function rowOf(run: RunFolder): readonly string[] {
  if (run.journal === null) return [run.runId, '', 'unreadable', '', '', run.problem?.split('\n', 1)[0] ?? ''];
  const { entries } = run.journal;
  const state = projectRun(entries);
  const begun = entries.length === 0 ? '' : new Date(state.startedAtMs).toISOString().slice(0, 16).replace('T', ' ');
  const cost = formatUsd(usageOfJournal(entries.map(({ event }) => event)).costNanoUsd);
  const asked = oneLine(requestTitle(state), requestLength);
  return [run.runId, begun, standing(run, state), cost, branchOf(state), asked];
}

function standing({ hasEnded, pid }: RunFolder, { outcome, stage }: RunState): string {
  if (hasEnded) return outcome?.kind ?? 'ended';
  return pid === null ? `killed (${stage ?? 'start'})` : `going (${stage ?? 'start'})`;
}

function branchOf({ outcome, branches }: RunState): string {
  const branch = outcome !== null && 'branch' in outcome ? outcome.branch : null;
  return branch ?? branches.at(-1)?.branch ?? '';
}

/**
 * @param where a journal, the folder of a run, or the id of a run of the project
 * @returns where it is. @throws RunError of a journal that cannot be found or read
 */
export async function writeReport(where: string, projectDir: string, output: string | null): Promise<string> {
  const journalPath = findJournal(where, projectDir);
  const { entries } = readJournalFile(journalPath);
  const { renderReport } = await import('./report/render-report.ts');
  const path = resolve(output ?? join(dirname(journalPath), 'report.html'));
  // The journal is redacted already: what is made of it holds no secret.
  writeTextFile(path, renderReport(entries));
  return path;
}
