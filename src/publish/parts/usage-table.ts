// Calls, tokens and dollars, as the model's service reported and the price table prices them.
import { formatCount, formatCounted, formatDuration } from '../../journal/format.ts';
import { changedFiles, countLines, countTests, runDurationMs, totalTokens } from '../../journal/run-facts.ts';
import type { RunState } from '../../journal/run-state.ts';
import { formatUsd } from '../../money/format-usd.ts';
import type { Usage } from '../../types.ts';
import { code, foreign } from '../foreign.ts';
import { table } from './table.ts';
import { changeWords } from './task-words.ts';

/** One row a role, then the sum. Empty when no call was made. */
export function usageTable(state: RunState): string {
  if (state.usage.requests === 0) return '';
  const rows = Object.entries(state.usageByRole).map(([role, usage]) => cells(foreign(role, 60), usage));
  const total = cells('all', state.usage).map((cell) => `**${cell}**`);
  return table(['Role', 'Calls', 'Input', 'Output', 'Cache read', 'Cache written', 'Cost'], [...rows, total]);
}

const cells = (name: string, usage: Usage): readonly string[] => [
  name,
  formatCount(usage.requests),
  formatCount(usage.inputTokens),
  formatCount(usage.outputTokens),
  formatCount(usage.cacheReadTokens),
  formatCount(usage.cacheWriteTokens),
  formatUsd(usage.costNanoUsd),
];

/** What was spent, in one line: `$0.42 · 57,012 tokens in 23 calls · 4 min 12 s · model`. */
export function spentLine(state: RunState): string {
  const { usage, model } = state;
  const tokens = `${formatCounted(totalTokens(usage), 'token')} in ${formatCounted(usage.requests, 'call')}`;
  return [formatUsd(usage.costNanoUsd), tokens, formatDuration(runDurationMs(state)), code(model)]
    .filter(Boolean)
    .join(' · ');
}

/** What came out, measured, in one line: tasks, files, tests. */
export function resultLine(state: RunState): string {
  const done = state.tasks.filter((t) => t.status === 'completed').length;
  const files = changedFiles(state);
  const tests = countTests(state.verification?.final ?? []);
  return [
    `${done} of ${formatCounted(state.tasks.length, 'task')} completed`,
    `${changeWords(files.length, countLines(files))} changed`,
    tests ? `${formatCounted(tests.passed, 'test')} passed, ${formatCount(tests.failed)} failed` : '',
  ]
    .filter((words) => words !== '')
    .join(' · ');
}
