// Commits what a stretch of work left in the tree, and says how it ended. Nothing is thrown away.
import { commitMessage } from '../commit-message.ts';
import type { SessionEnd } from '../agent/agent-session.ts';
import type { FinishInput } from '../agent/tools/finish.ts';
import type { Claims, TaskResult, TaskStatus, Usage } from '../types.ts';
import { describeEnd } from './describe-end.ts';
import { rulesOf } from './judge-finish.ts';
import { pathFaults } from './judge-work.ts';
import { readChanges, type Changes, type Work } from './work.ts';

/** Commits what is there and reports the result. `given` is the manager's reason to stop, where it was that. */
export async function concludeWork(
  work: Work,
  end: SessionEnd,
  spent: { readonly turns: number; readonly usage: Usage },
  given: string | null,
): Promise<TaskResult> {
  const { input, deps } = work;
  const { status, reason, claims } = describeEnd(end, given);
  const saved = end.ended === 'finished' && work.judged !== null ? work.judged : await readChanges(work);
  const foul = await foulPaths(work, saved);
  // Unfinished work is kept, but never what it may not touch or hold: its branch is pushed.
  const tree = foul.length === 0 ? saved.tree : await deps.git.restore(saved.tree, work.against, foul);
  const changed = foul.length === 0 ? saved.changed : await deps.git.changedFiles(work.against, tree);
  const commit = changed.length > 0 || work.parents.length > 1 ? await commitWork(work, tree, status) : null;
  const result: TaskResult = {
    task: work.task,
    status,
    branch: input.branch,
    commit,
    changedFiles: changed,
    claims: claims === null ? null : toClaims(claims),
    checks: work.checks,
    ...spent,
    reason:
      reason === null || foul.length === 0
        ? reason
        : `${reason} Left out, as it may not be in this work: ${foul.join(', ')}.`,
  };
  deps.reporter.emit({ type: 'task.ended', result });
  return result;
}

/** Paths of what may not be in the work. A change that is too large as a whole has none. */
async function foulPaths(work: Work, { tree, changed }: Changes): Promise<readonly string[]> {
  const blocks = await work.deps.findBlocks(work.against, tree);
  const blocked = blocks.map(({ path }) => path).filter((path) => path !== '');
  return [...new Set([...pathFaults(changed, rulesOf(work)).map(({ path }) => path), ...blocked])];
}

async function commitWork({ task, input, deps, parents }: Work, tree: string, status: TaskStatus): Promise<string> {
  const mark = status === 'completed' ? '' : ' (unfinished)';
  const by = `${task.id} by ${input.role.id}, made by ai-implement.`;
  const message = commitMessage(task.title, by, { behind: mark });
  const commit = await deps.git.commit(tree, parents, message);
  await deps.git.setBranch(input.branch, commit);
  return commit;
}

const toClaims = (claims: FinishInput): Claims => ({
  summary: claims.summary,
  testsRun: claims.tests_run,
  notes: claims.notes_for_dependents,
});
