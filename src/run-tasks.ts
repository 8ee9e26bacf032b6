// Execution and integration, side by side: tasks are built as they become ready and landed one at a time.
import { createManager } from './ask-manager.ts';
import { branchOf, buildOne, type RunTasksDeps, type RunTasksInput, type TaskHelp } from './build-one.ts';
import { collapseTask } from './collapse-task.ts';
import type { BuiltTask } from './execute/build-task.ts';
import { schedule } from './execute/schedule.ts';
import { createPathGrants } from './grant-paths.ts';
import { findLostLines } from './integrate/find-lost-lines.ts';
import { landTask, type Head } from './integrate/land-task.ts';
import { noUsage } from './money/usage.ts';
import { refuseUnusableModel } from './refuse-unusable-model.ts';
import { landDeps, type Landed } from './reopen-task.ts';
import { reviewRun } from './review-run.ts';
import type { Check, Integration, Task, TaskResult } from './types.ts';

export interface TasksOutcome {
  readonly integration: Integration;
  readonly results: readonly TaskResult[];
  /** Checks on what is published; empty where they were not run on it. */
  readonly final: readonly Check[];
}

/** A built task with the head that it was started from. */
interface Started extends BuiltTask {
  readonly base: string;
}

/** Builds and lands every task of the plan that can be, and has the whole reviewed. */
export async function runTasks(input: RunTasksInput, runDeps: RunTasksDeps): Promise<TasksOutcome> {
  const { config, plan } = input;
  const { manager, editFormat } = config;
  // Where the plan needed no model, the first agent is the first to find out whether it can be used.
  const model = input.managerCalls === 0 ? refuseUnusableModel(runDeps.model, config) : runDeps.model;
  const help: TaskHelp = {
    askManager: createManager({ ...input, manager, editFormat, callsBefore: input.managerCalls }, runDeps),
    grantPaths: createPathGrants(plan),
  };
  const deps = { ...runDeps, model, ...help };
  const landed = startingFrom(input);
  const mergedBefore = landed.merges.filter(({ status }) => status === 'merged').map(({ taskId }) => taskId);
  const endedBefore = landed.results.map(({ task }) => task.id);
  const skipped = await schedule<Started>(
    plan.tasks.filter(({ id }) => !endedBefore.includes(id)),
    {
      before: { merged: mergedBefore, lost: endedBefore.filter((id) => !mergedBefore.includes(id)) },
      maxParallel: config.maxParallel,
      stopReason: deps.stopReason,
      skip: (task, reason) => skipTask(task, reason, input, deps),
      build: async (task) => {
        const base = landed.head.commit;
        const before = landed.results.filter((result) => task.dependsOn.includes(result.task.id));
        // Also after a failure: whoever comes after it would wait for ever.
        const built = await buildOne({ task, baseCommit: base, before }, input, deps).finally(() =>
          deps.inTurn?.(task.id),
        );
        return { ...built, base };
      },
      land: (built) => land(built, landed, input, deps),
    },
  );
  await reviewRun(landed, input, deps);
  tellLanded(landed, deps);
  return conclude(landed, skipped, input, deps);
}

/** True when the work is merged. */
async function land(
  built: Started,
  landed: Landed,
  input: RunTasksInput,
  deps: RunTasksDeps & TaskHelp,
): Promise<boolean> {
  const first = await landTask(built, landed.head, landDeps(deps, input));
  await built.close();
  const landing = (await collapseTask({ ...first, base: built.base }, landed, input, deps)) ?? first;
  landed.head = landing.head;
  landed.results.push(landing.result);
  landed.merges.push(landing.merge);
  const { commit, branch, task } = landing.result;
  if (commit !== null) deps.onBranch(branch, commit);
  const merged = landing.merge.status === 'merged';
  // The work as it was before any rework: what a resolution dropped of it is to show.
  const own = built.result.commit;
  if (merged && own !== null) landed.work.push({ taskId: task.id, base: built.base, commit: own });
  tellLanded(landed, deps);
  return merged;
}

const startingFrom = ({ head, earlier }: RunTasksInput): Landed => ({
  head: earlier?.head ?? head,
  results: [...(earlier?.results ?? [])],
  merges: [...(earlier?.merges ?? [])],
  work: [...(earlier?.work ?? [])],
});

/** Work that was cut short by the end of the run is to be done again, so it is not told. */
function tellLanded({ head, results, merges, work }: Landed, { signal, onLanded }: RunTasksDeps): void {
  if (signal?.aborted !== true) onLanded?.({ head, results: [...results], merges: [...merges], work: [...work] });
}

async function conclude(
  landed: Landed,
  skipped: readonly TaskResult[],
  input: RunTasksInput,
  deps: RunTasksDeps,
): Promise<TasksOutcome> {
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
