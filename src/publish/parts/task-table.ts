// Tables and lists of the tasks: short for progress, whole for the pull request.
import { formatCounted } from '../../journal/format.ts';
import { costRowOf } from '../../journal/estimate-against-actual.ts';
import { countLines, unfinishedReason } from '../../journal/run-facts.ts';
import type { RunState, TaskState } from '../../journal/run-state.ts';
import { formatUsd } from '../../money/format-usd.ts';
import { code, foreign } from '../foreign.ts';
import { taskCost } from './limit-words.ts';
import { bullets, fold, table } from './table.ts';
import { acceptanceWords, changedFile, changeWords, checkWords, taskStatus } from './task-words.ts';

/** Task, agent, status, turns, acceptance and cost beside its estimate, one row a task. */
export const progressTable = (state: RunState): string =>
  table(
    ['Task', 'Agent', 'Status', 'Turns', 'Acceptance', 'Cost'],
    state.tasks.map((t) => [
      ...who(t),
      state.outcome === null ? status(t, state.tasks) : taskStatus(t, true),
      String(t.turns),
      acceptanceWords(t.checks),
      taskCost(costRowOf(state, t.task.id)),
    ]),
  );

/** The same, with each task's branch, commit and size of change, as git has them. */
export const resultTable = ({ tasks, outcome }: RunState): string =>
  table(
    ['Task', 'Agent', 'Status', 'Branch, commit', 'Changed', 'Acceptance', 'Cost'],
    tasks.map((t) => [
      ...who(t),
      taskStatus(t, outcome !== null),
      branchAndCommit(t),
      t.result ? changeWords(t.result.changedFiles.length, countLines(t.result.changedFiles)) : '–',
      acceptanceWords(t.checks),
      formatUsd(t.usage.costNanoUsd),
    ]),
  );

function branchAndCommit({ branch, result }: TaskState): string {
  const parts = [code(result?.branch ?? branch ?? ''), code((result?.commit ?? '').slice(0, 10))];
  return parts.filter((part) => part !== '').join('<br>') || '–';
}

const who = ({ task }: TaskState): readonly string[] => [
  `**${foreign(task.id)}** ${foreign(task.title, 120)}`,
  foreign(task.role, 60),
];

function status(task: TaskState, all: readonly TaskState[]): string {
  if (task.status !== 'waiting') return taskStatus(task, false);
  const open = task.task.dependsOn.filter((id) => all.some((t) => t.task.id === id && t.status !== 'completed'));
  return open.length === 0
    ? taskStatus(task, false)
    : `${taskStatus(task, false)} for ${open.map((id) => foreign(id)).join(', ')}`;
}

/** Each task that was not completed, with the reason; empty when there is none. */
export function unfinishedList({ tasks }: RunState): string {
  const items = tasks.flatMap((t) => {
    const reason = unfinishedReason(t);
    return reason === null ? [] : [`**${foreign(t.task.id)}** (${t.status}): ${foreign(reason, 600)}`];
  });
  return bullets(items);
}

/** Per task, folded: the files it changed with their lines, and its acceptance commands with our results. */
export function taskDetails(state: RunState, maxFiles: number): string {
  const parts = state.tasks.flatMap(({ task, result, checks }) => {
    if (!result || (result.changedFiles.length === 0 && checks.length === 0)) return [];
    const files = result.changedFiles.map(changedFile);
    const ran = checks.map((c) => `${code(c.command)}: ${checkWords(c)}`);
    const title = `**${foreign(task.id)}**: ${formatCounted(files.length, 'file')}`;
    const listed = maxFiles === 0 ? '' : bullets(files, maxFiles);
    return [
      [title, listed, ran.length > 0 ? `Acceptance, run by us:\n\n${bullets(ran, 20)}` : '']
        .filter(Boolean)
        .join('\n\n'),
    ];
  });
  return fold('Files and acceptance commands of each task', parts.join('\n\n'));
}
