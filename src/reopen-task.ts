// A task whose agent is gone is taken up again: a new agent, on the integration head, on the task's own branch.
import { buildOne, type RunTasksDeps, type RunTasksInput, type TaskHelp, type TaskStart } from './build-one.ts';
import type { MergedWork } from './integrate/find-lost-lines.ts';
import { landTask, type Head, type Landing } from './integrate/land-task.ts';
import { addUsage } from './money/usage.ts';
import type { Reporter } from './ports.ts';
import type { FileChange, Merge, TaskResult } from './types.ts';
import { brokenBy } from './verify/compare.ts';

/** What has been landed so far; one writer at a time. */
export interface Landed {
  results: TaskResult[];
  merges: Merge[];
  work: MergedWork[];
  head: Head;
}

export interface Reopening extends Pick<TaskStart, 'task' | 'reopened' | 'resolves'> {
  readonly before: TaskResult;
  readonly merge: Merge;
}

/** The task's outcome after it was taken up again: what was merged before stays merged, whatever comes of this. */
export async function reopenTask(
  { before, merge, ...start }: Reopening,
  landed: Landed,
  input: RunTasksInput,
  deps: RunTasksDeps & TaskHelp,
): Promise<Landing> {
  const base = landed.head.commit;
  // Only the outcome of both stretches together is the task's.
  const held = { ...deps, reporter: withoutEnds(deps.reporter) };
  const built = await buildOne({ ...start, baseCommit: base, before: [], turnsBefore: before.turns }, input, held);
  const landing = await landTask(built, landed.head, landDeps(held, input));
  await built.close();
  const again = landing.merge.status === 'merged';
  const kept = merge.status === 'merged';
  const result = joined(before, landing.result, again || !kept ? landing.result : before);
  const whole: Merge =
    again || !kept ? { ...landing.merge, returns: [...merge.returns, ...landing.merge.returns] } : merge;
  deps.reporter.emit({ type: 'task.ended', result });
  deps.reporter.emit({ type: 'merge.ended', merge: whole });
  const own = built.result.commit;
  if (again && kept) landed.work = landed.work.map((one) => mendedBy(landing.result, one));
  if (again && own !== null) landed.work.push({ taskId: result.task.id, base, commit: own });
  if (result.commit !== null) deps.onBranch(result.branch, result.commit);
  return { head: landing.head, merge: whole, result };
}

const mendedBy = ({ task, changedFiles }: TaskResult, work: MergedWork): MergedWork =>
  work.taskId === task.id
    ? { ...work, mended: [...(work.mended ?? []), ...changedFiles.map(({ path }) => path)] }
    : work;

/** What landing needs of the run. */
export const landDeps = (
  { git, reporter, checkCommit }: RunTasksDeps,
  { nonce }: Pick<RunTasksInput, 'nonce'>,
): Parameters<typeof landTask>[2] => ({
  nonce,
  git,
  reporter,
  brokenBy,
  runChecks: (commit, taskId) => checkCommit(commit, 'merge', taskId),
});

const withoutEnds = (reporter: Reporter): Reporter => ({
  emit: (event) => {
    if (event.type !== 'task.ended' && event.type !== 'merge.ended') reporter.emit(event);
  },
});

/** Both stretches in one result; how it stands is what `standing` says. */
function joined(first: TaskResult, second: TaskResult, standing: TaskResult): TaskResult {
  const claims = [first.claims?.summary, second.claims?.summary].filter(Boolean).join('\n\nTaken up again: ');
  return {
    ...standing,
    task: first.task,
    commit: second.commit ?? first.commit,
    changedFiles: standing === first ? first.changedFiles : joinChanges(first.changedFiles, second.changedFiles),
    claims: standing.claims === null ? null : { ...standing.claims, summary: claims },
    checks: standing.checks.length > 0 ? standing.checks : first.checks,
    turns: first.turns + second.turns,
    usage: addUsage(first.usage, second.usage),
  };
}

function joinChanges(first: readonly FileChange[], second: readonly FileChange[]): readonly FileChange[] {
  const files = new Map(first.map((file) => [file.path, file]));
  for (const file of second) {
    const known = files.get(file.path);
    files.set(file.path, known === undefined ? file : sumOf(known, file));
  }
  return [...files.values()];
}

const sumOf = (first: FileChange, second: FileChange): FileChange => ({
  ...first,
  status: second.status === 'modified' ? first.status : second.status,
  addedLines: first.addedLines + second.addedLines,
  deletedLines: first.deletedLines + second.deletedLines,
});
