// Execution and integration, side by side: tasks are built as they become ready and landed one at a time.
import { agentBranch } from './branch-names.ts';
import type { AskDeps } from './agent/ask-model.ts';
import type { Config } from './config/config.ts';
import { buildTask, type BuiltTask } from './execute/build-task.ts';
import { schedule } from './execute/schedule.ts';
import { findLostLines, type MergedWork } from './integrate/find-lost-lines.ts';
import { landTask, type Head } from './integrate/land-task.ts';
import type { Message } from './messages.ts';
import { noUsage } from './money/usage.ts';
import type { Clock, Git, Tree, Trees } from './ports.ts';
import type { Check, Integration, Merge, Plan, Task, TaskResult } from './types.ts';
import { brokenBy } from './verify/compare.ts';
import type { CommitChecker } from './verify/check-commit.ts';

export interface RunTasksInput {
  readonly plan: Plan;
  readonly config: Config;
  readonly shared: Message;
  /** Commit that the run started from. */
  readonly baseCommit: string;
  /** Head that the first tasks start from (the base, or the contract on it), with the checks on it. */
  readonly head: Head;
  readonly integrationBranch: string;
}

export interface RunTasksDeps extends AskDeps {
  readonly git: Git;
  readonly trees: Trees;
  readonly clock: Clock;
  readonly checkCommit: CommitChecker;
  readonly runAcceptance: (tree: Tree, task: Task) => Promise<readonly Check[]>;
  /** Why no further task may start; null while they may. */
  readonly stopReason: () => string | null;
  /** Told of each branch that now holds a task's work. */
  readonly onBranch: (branch: string, commit: string) => void;
}

export interface TasksOutcome {
  readonly integration: Integration;
  readonly results: readonly TaskResult[];
  /** Checks on what is published; empty where they were not run on it. */
  readonly final: readonly Check[];
}

/** Builds and lands every task of the plan that can be. */
export async function runTasks(input: RunTasksInput, deps: RunTasksDeps): Promise<TasksOutcome> {
  const landed: { results: TaskResult[]; merges: Merge[]; work: MergedWork[]; head: Head } = {
    results: [],
    merges: [],
    work: [],
    head: input.head,
  };
  const skipped = await schedule<BuiltTask & { readonly base: string }>(input.plan.tasks, {
    maxParallel: input.config.maxParallel,
    stopReason: deps.stopReason,
    skip: (task, reason) => skipTask(task, reason, input, deps),
    build: async (task) => {
      const base = landed.head.commit;
      const before = landed.results.filter((result) => task.dependsOn.includes(result.task.id));
      return { ...(await buildOne(task, { baseCommit: base, before }, input, deps)), base };
    },
    land: async (built) => {
      const landing = await landTask(built, landed.head, {
        git: deps.git,
        reporter: deps.reporter,
        brokenBy,
        runChecks: (commit, taskId) => deps.checkCommit(commit, 'merge', taskId),
      });
      await built.close();
      landed.head = landing.head;
      landed.results.push(landing.result);
      landed.merges.push(landing.merge);
      const { commit, branch, task } = landing.result;
      if (commit !== null) deps.onBranch(branch, commit);
      const merged = landing.merge.status === 'merged';
      // The work as it was before any rework: what a resolution dropped of it is to show.
      const own = built.result.commit;
      if (merged && own !== null) landed.work.push({ taskId: task.id, base: built.base, commit: own });
      return merged;
    },
  });
  const { commit } = landed.head;
  const results = [...landed.results, ...skipped];
  const result = resultCommit(results, landed.head, input.head);
  const integration: Integration = {
    branch: input.integrationBranch,
    commit,
    result,
    changedFiles: result === null ? [] : await deps.git.changedFiles(input.baseCommit, result),
    merges: landed.merges,
    lost: await findLostLines(landed.work, commit, deps.git),
  };
  deps.reporter.emit({ type: 'integration.ended', integration });
  return { integration, results, final: await checkResult(result, landed.head, deps) };
}

/** The merged work; where nothing was merged, the unfinished work of a run's only task; else null. */
function resultCommit(results: readonly TaskResult[], head: Head, start: Head): string | null {
  if (head.commit !== start.commit) return head.commit;
  return results.length === 1 ? (results[0]?.commit ?? null) : null;
}

/** Unfinished work was checked by nobody yet; a run that was stopped has no time left for it. */
async function checkResult(result: string | null, head: Head, deps: RunTasksDeps): Promise<readonly Check[]> {
  if (result === null || result === head.commit) return head.checks;
  return deps.signal?.aborted === true ? [] : deps.checkCommit(result, 'final', null);
}

function buildOne(
  task: Task,
  start: { readonly baseCommit: string; readonly before: readonly TaskResult[] },
  input: RunTasksInput,
  deps: RunTasksDeps,
): Promise<BuiltTask> {
  const { config, plan, shared, head } = input;
  const role = config.roles.find((known) => known.id === task.role);
  if (role === undefined) throw new Error(`task ${task.id} was planned for the unknown role ${task.role}`);
  return buildTask(
    {
      task,
      role,
      plan,
      branch: branchOf(task, input),
      ...start,
      shared,
      baseline: head.checks,
      protectedPaths: config.protectedPaths,
      maxTurns: config.limits.maxTurnsPerTask,
    },
    { ...deps, brokenBy },
  );
}

function skipTask(task: Task, reason: string, input: RunTasksInput, deps: RunTasksDeps): TaskResult {
  const result: TaskResult = {
    task,
    status: 'skipped',
    branch: branchOf(task, input),
    commit: null,
    changedFiles: [],
    claims: null,
    checks: [],
    turns: 0,
    usage: noUsage,
    reason,
  };
  deps.reporter.emit({ type: 'task.ended', result });
  return result;
}

function branchOf(task: Task, { config, integrationBranch }: RunTasksInput): string {
  const slug = integrationBranch.slice(integrationBranch.lastIndexOf('/') + 1);
  return agentBranch(config.branchPrefix, slug, task.role, task.id);
}
