// Facts that every account of a run needs, read from its state: what was asked, what is unfinished, what was counted.
import type { Check, FileChange, LimitReached, Usage } from '../types.ts';
import { formatCounted } from './format.ts';
import { blockSentences } from './judgement-facts.ts';
import type { RunState, TaskState } from './run-state.ts';

/** What was asked, in the words of whoever asked: untrusted text. Empty before anything was read. */
export function requestTitle(state: RunState): string {
  const firstLine = state.trigger?.feature?.trim().split('\n', 1)[0];
  return state.issue?.title || state.trigger?.snapshot?.title || firstLine || '';
}

/** The issue that asked, or null: a feature text has none, and a pull request of ours is not one. */
export function issueNumber(state: RunState): number | null {
  const number = state.issue?.number ?? state.trigger?.issueNumber ?? null;
  return number === state.trigger?.pullRequestNumber ? null : number;
}

/** From the first event to the newest, in milliseconds. */
export const runDurationMs = (state: RunState): number => Math.max(0, state.lastAtMs - state.startedAtMs);

/** All tokens of a usage, cached ones included. */
export const totalTokens = (usage: Usage): number =>
  usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;

/** A check passed when its command ended with 0; counts never overrule the exit code. */
export const isPassed = (check: Check): boolean => check.exitCode === 0;

/** Sums of test counts, over the checks whose runner's output is understood; null when there is none such. */
export function countTests(checks: readonly Check[]): { passed: number; failed: number; skipped: number } | null {
  const counted = checks.filter((c) => c.passed !== undefined || c.failed !== undefined);
  if (counted.length === 0) return null;
  const sum = (pick: (c: Check) => number | undefined) => counted.reduce((total, c) => total + (pick(c) ?? 0), 0);
  return { passed: sum((c) => c.passed), failed: sum((c) => c.failed), skipped: sum((c) => c.skipped) };
}

/** Why a task is not complete, in one plain sentence (may hold untrusted text); null when it is, or is still under way. */
export function unfinishedReason(task: TaskState): string | null {
  // Work that was not finished was never tried to be integrated: its own reason is the one to tell.
  if (task.result && task.result.status !== 'completed' && task.result.reason) return task.result.reason;
  if (task.merge?.status === 'refused') {
    const last = task.merge.returns.at(-1);
    return last
      ? `its work could not be integrated (${last.kind}): ${last.detail}`
      : 'its work could not be integrated';
  }
  if (task.status === 'completed' || task.status === 'merging') return null;
  return task.result?.reason ?? (task.result ? `it ended ${task.result.status}` : null);
}

/** What is not done or broken by what was, one line each; empty when the work is whole. May hold untrusted text. */
export function unfinishedWork(state: RunState): readonly string[] {
  const tasks = state.tasks
    .filter((t) => t.status !== 'completed')
    .map((t) => sentence(`${t.task.id} ${unfinishedWords[t.status]}`, unfinishedReason(t)));
  const introduced = state.verification?.introduced.length ?? 0;
  const failures = introduced === 0 ? [] : [`${formatCounted(introduced, 'new failure')} since the base.`];
  return [...blockSentences(state), ...tasks, ...failures];
}

const unfinishedWords: Readonly<Record<TaskState['status'], string>> = {
  waiting: 'was not started',
  running: 'was interrupted',
  merging: 'was not integrated',
  completed: 'is done',
  failed: 'failed',
  skipped: 'was skipped',
  partial: 'is not finished',
};

/** One line, a reason that begins like a sentence of ours goes on in small letters. */
function sentence(what: string, reason: string | null): string {
  if (reason === null) return `${what}.`;
  const why = reason.replace(/\s+/g, ' ').trim();
  const small = why.replace(/^(?:It|Its|The|No)\b/, (word) => word.toLowerCase());
  return `${what}: ${small}${/[.!?…]$/.test(small) ? '' : '.'}`;
}

/** Which limit stopped the run, in one sentence: `The limit limits.cost_limit_usd is $5.00; used: $4.97.` */
export const limitSentence = ({ limit, value, spent }: LimitReached): string =>
  `The limit ${limit} is ${value}; used: ${spent}.`;

/**
 * Why the result is not the whole of what was asked: the limit that stopped the run, then `unfinishedWork`. Empty when it
 * is whole. Whatever is named here makes the pull request a draft that closes no issue. May hold untrusted text.
 */
export function partialReasons(state: RunState): readonly string[] {
  const { limit, stoppedBy } = state;
  const stopped = stoppedBy === null ? [] : [stopSentence(stoppedBy)];
  return [...stopped, ...(limit ? [limitSentence(limit)] : []), ...unfinishedWork(state)];
}

/** `The run was stopped by the signal SIGINT.` */
export const stopSentence = (by: string): string => `The run was stopped by ${by}.`;

/** What git says changed from the base of the run to its result; empty before there is one. */
export const changedFiles = ({ integration }: RunState): readonly FileChange[] => integration?.changedFiles ?? [];

/** Added and deleted lines over files. */
export function countLines(files: readonly FileChange[]): { added: number; deleted: number } {
  return files.reduce((sum, f) => ({ added: sum.added + f.addedLines, deleted: sum.deleted + f.deletedLines }), {
    added: 0,
    deleted: 0,
  });
}
