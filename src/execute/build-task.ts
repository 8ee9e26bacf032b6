// One task from an empty tree to a commit on its own branch. Whatever ends it, its work is committed and kept.
import type { TaskResult } from '../types.ts';
import { concludeWork } from './conclude-work.ts';
import { proceedWithHelp } from './proceed-with-help.ts';
import { startTaskAgent, type TaskAgent } from './task-agent.ts';
import type { BuildDeps, BuildInput, Work } from './work.ts';

/** A built task whose agent can still be asked to mend its work. */
export interface BuiltTask {
  readonly result: TaskResult;
  /**
   * Puts the tree to `treeish`, tells the agent what is wrong there and lets it go on; the outcome is committed on
   * `parents` and the branch moves to it.
   */
  rework(treeish: string, parents: readonly string[], told: string): Promise<TaskResult>;
  close(): Promise<void>;
}

/** Builds a task. Rejects only for what is nobody's fault in the run (a dead toolhost, a bug). */
export async function buildTask(input: BuildInput, deps: BuildDeps): Promise<BuiltTask> {
  const { task, role, branch, baseCommit } = input;
  deps.reporter.emit({ type: 'task.started', taskId: task.id, role: role.id, branch, baseCommit });
  const tree = await deps.trees.open(task.id, baseCommit);
  const work: Work = {
    input,
    deps,
    tree,
    task,
    against: baseCommit,
    parents: input.resolves === null ? [baseCommit] : [baseCommit, input.resolves],
    checks: [],
    failsWithout: [],
    judged: null,
    guidance: [],
  };
  const agent = startTaskAgent(work);
  return {
    result: await workOn(work, agent),
    async rework(treeish, parents, told) {
      await tree.reset(treeish);
      work.against = parents[0] ?? baseCommit;
      work.parents = parents;
      return workOn(work, agent, told);
    },
    close: () => tree.close(),
  };
}

async function workOn(work: Work, agent: TaskAgent, told?: string): Promise<TaskResult> {
  const { end, given } = await proceedWithHelp(work, agent, told);
  return concludeWork(work, end, agent.spent(), given);
}
