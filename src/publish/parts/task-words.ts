// A task's state in a mark and a word, the same in graph, tables and lists.
import { formatCounted } from '../../journal/format.ts';
import { isPassed } from '../../journal/run-facts.ts';
import type { TaskState } from '../../journal/run-state.ts';
import type { Check, FileChange } from '../../types.ts';
import { code } from '../foreign.ts';

const marks: Readonly<Record<TaskState['status'], string>> = {
  waiting: '⏳',
  running: '🔄',
  merging: '🔀',
  completed: '✅',
  failed: '❌',
  skipped: '⏭️',
  partial: '⚠️',
};

interface StatusWords {
  readonly mark: string;
  readonly word: string;
  /** The status whose colours it wears. */
  readonly look: TaskState['status'];
}

/** Mark and word of a task's status. Once the run is over nothing waits or runs any more, and the words say so. */
export function statusWords({ status }: TaskState, isOver: boolean): StatusWords {
  if (isOver && status === 'waiting') return { mark: '▫️', word: 'not started', look: 'skipped' };
  if (isOver && status === 'running') return { mark: '⚠️', word: 'interrupted', look: 'partial' };
  if (isOver && status === 'merging') return { mark: '⚠️', word: 'not integrated', look: 'partial' };
  return { mark: marks[status], word: status, look: status };
}

/** Mark, word, and how often the work was handed back: `🔄 running, handed back once`. */
export function taskStatus(task: TaskState, isOver: boolean): string {
  const { handedBack } = task;
  const { mark, word } = statusWords(task, isOver);
  const handed = handedBack === 0 ? '' : `, handed back ${handedBack === 1 ? 'once' : `${handedBack} times`}`;
  return `${mark} ${word}${handed}`;
}

/** Results of a task's acceptance commands, as we ran them: `✅ 2 of 2 passed`; a dash before any ran. */
export function acceptanceWords(checks: readonly Check[]): string {
  if (checks.length === 0) return '–';
  const passed = checks.filter(isPassed).length;
  return `${passed === checks.length ? '✅' : '❌'} ${passed} of ${checks.length} passed`;
}

/** `✅ 24 passed, 1 skipped`, `❌ 2 failed, 24 passed`, `❌ exit 1`, `❌ stopped at its time limit`; a dash when not run. */
export function checkWords(check: Check | undefined): string {
  if (check === undefined) return '– not run';
  if (check.exitCode === null) return '❌ stopped at its time limit';
  const counts = [
    check.failed ? `${check.failed} failed` : '',
    check.passed === undefined ? '' : `${check.passed} passed`,
    check.skipped ? `${check.skipped} skipped` : '',
  ].filter((words) => words !== '');
  const contradicts = isPassed(check) === Boolean(check.failed);
  const exit = counts.length === 0 || contradicts ? [`exit ${check.exitCode}`] : [];
  return `${isPassed(check) ? '✅' : '❌'} ${[...exit, ...counts].join(', ')}`;
}

/** `` `src/a.ts` added (+40 −2) ``, in Markdown. */
export const changedFile = ({ path, status, addedLines, deletedLines }: FileChange): string =>
  `${code(path)} ${status} (+${addedLines} −${deletedLines})`;

/** `3 files (+120 −4)`. */
export const changeWords = (files: number, lines: { readonly added: number; readonly deleted: number }): string =>
  `${formatCounted(files, 'file')} (+${lines.added} −${lines.deleted})`;
