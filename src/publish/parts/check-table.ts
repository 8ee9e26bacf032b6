// What was measured: the project's checks on the base beside the same checks on the result.
import { isPassed } from '../../journal/run-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import type { Check } from '../../types.ts';
import { code, foreign } from '../foreign.ts';
import { alert, bullets, sections, table } from './table.ts';
import { checkWords } from './task-words.ts';

/** The table, then the names of what is introduced, fixed and already failing. Says plainly when nothing was measured. */
export function checkSection(state: RunState, maxNames: number): string {
  const { verification } = state;
  const baseline = verification?.baseline ?? state.baseline;
  const final = verification?.final ?? [];
  if (baseline.length + final.length === 0) return nothingMeasured(state);
  return sections(
    checkTable(baseline, final),
    verification === null && '_The checks were not run on a result: the run ended before that._',
    names('Introduced by this change', verification?.introduced ?? [], maxNames),
    names('Fixed by this change', verification?.fixed ?? [], maxNames),
    names('Already failing before it', verification?.preexisting ?? [], maxNames),
  );
}

function nothingMeasured(state: RunState): string {
  const accepted = state.tasks.some((t) => t.checks.length > 0);
  return accepted
    ? "**The project's own checks were not run: none was found or configured.** Only the acceptance commands of the tasks were run, as the table of tasks shows."
    : '**Nothing was measured.** No check was found or configured, so no test was run: not on the base, not on the result.';
}

function checkTable(baseline: readonly Check[], final: readonly Check[]): string {
  const all = [...new Set([...baseline, ...final].map((c) => c.name))];
  const rows = all.map((name) => {
    const before = baseline.find((c) => c.name === name);
    const after = final.find((c) => c.name === name);
    const command = (after ?? before)?.command ?? '';
    return [
      `${foreign(name, 80)} ${command === name ? '' : code(command, 120)}`.trim(),
      checkWords(before),
      checkWords(after),
      verdict(before, after),
    ];
  });
  return table(['Check', 'On the base', 'On the result', 'So'], rows);
}

function verdict(before: Check | undefined, after: Check | undefined): string {
  if (after === undefined) return 'not measured';
  if (before === undefined)
    return isPassed(after) ? 'passes; no base to compare with' : 'fails; no base to compare with';
  if (isPassed(before)) return isPassed(after) ? 'still passes' : '**introduced failure**';
  return isPassed(after) ? 'fixed' : 'was failing already';
}

const names = (title: string, list: readonly string[], max: number): string =>
  list.length === 0
    ? ''
    : `**${title} (${list.length})**\n\n${bullets(
        list.map((name) => foreign(name)),
        max,
      )}`;

/** Tests that were deleted, skipped or weakened, as a warning to stand at the top; empty when there are none. */
export function weakenedTests({ verification }: RunState, maxNames: number): string {
  const lines = verification?.weakened ?? [];
  if (lines.length === 0) return '';
  const items = bullets(
    lines.map((line) => foreign(line)),
    maxNames,
  );
  return alert('WARNING', `**Tests were deleted, skipped or weakened. Look at these first.**\n\n${items}`);
}
