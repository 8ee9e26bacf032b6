// One task of the plan, handed to the stage that builds it.
import type { AskDeps } from './agent/ask-model.ts';
import { agentBranch } from './branch-names.ts';
import type { Config } from './config/config.ts';
import { buildTask, type BuiltTask } from './execute/build-task.ts';
import type { BuildDeps, BuildInput, FindBlocks } from './execute/work.ts';
import type { MergedWork } from './integrate/find-lost-lines.ts';
import type { Head } from './integrate/land-task.ts';
import type { Message } from './messages.ts';
import type { Clock, Git, Tree, Trees } from './ports.ts';
import type { Check, Issue, Merge, Plan, Task, TaskResult } from './types.ts';
import { brokenBy } from './verify/compare.ts';
import type { CommitChecker } from './verify/check-commit.ts';

export interface RunTasksInput {
  readonly issue: Issue;
  readonly plan: Plan;
  readonly config: Config;
  /** Brief and request, shared by all agents. */
  readonly shared: Message;
  /** True when that message tells how the checks stand on the base. */
  readonly briefed: boolean;
  /** Commit that the run started from. */
  readonly baseCommit: string;
  /** Head that the first tasks start from (the base, or the contract on it), with the checks on it. */
  readonly head: Head;
  readonly integrationBranch: string;
  /** Marks foreign text in prompts. */
  readonly nonce: string;
  /** Where a run on another machine had got to; its tasks are not done again. */
  readonly earlier?: Earlier | null;
  /** Calls of the manager so far. */
  readonly managerCalls: number;
}

/** What an earlier run had landed. */
export interface Earlier {
  readonly head: Head;
  readonly results: readonly TaskResult[];
  readonly merges: readonly Merge[];
  readonly work: readonly MergedWork[];
}

export interface RunTasksDeps extends AskDeps {
  readonly git: Git;
  readonly trees: Trees;
  readonly clock: Clock;
  readonly checkCommit: CommitChecker;
  readonly findBlocks: FindBlocks;
  readonly runAcceptance: (tree: Tree, task: Task) => Promise<readonly Check[]>;
  readonly failsWithout: BuildDeps['failsWithout'];
  /** Lets a built task pass to its integration when it is its turn; absent where runs are not recorded. */
  readonly inTurn?: (taskId: string) => Promise<void>;
  /** Why no further task may start; null while they may. */
  readonly stopReason: () => string | null;
  /** Told of each branch that now holds a task's work. */
  readonly onBranch: (branch: string, commit: string) => void;
  /** Told of all that has landed, each time something has. */
  readonly onLanded?: (landed: Earlier) => void;
}

/** What one conversation starts from, besides the run's own values. */
export type TaskStart = Pick<BuildInput, 'task' | 'baseCommit' | 'before'> &
  Partial<Pick<BuildInput, 'reopened' | 'resolves' | 'turnsBefore'>>;

export type TaskHelp = Pick<BuildDeps, 'askManager' | 'grantPaths'>;

/** Builds the task in its role, on its own branch. */
export function buildOne(start: TaskStart, input: RunTasksInput, deps: RunTasksDeps & TaskHelp): Promise<BuiltTask> {
  const { config, plan, shared, briefed, nonce, head } = input;
  const { task } = start;
  const role = config.roles.find((known) => known.id === task.role);
  if (role === undefined) throw new Error(`task ${task.id} was planned for the unknown role ${task.role}`);
  return buildTask(
    {
      reopened: null,
      resolves: null,
      turnsBefore: 0,
      ...start,
      role,
      plan,
      branch: branchOf(task, input),
      shared,
      baseline: head.checks,
      briefed,
      diffPolicy: config.diffPolicy,
      nonce,
      maxTurns: config.limits.maxTurnsPerTask,
      maxRetries: config.maxRetries,
      editFormat: config.editFormat,
    },
    { ...deps, manager: config.manager, brokenBy },
  );
}

/** The branch of a task's agent. */
export function branchOf(task: Task, { config, integrationBranch }: RunTasksInput): string {
  const slug = integrationBranch.slice(integrationBranch.lastIndexOf('/') + 1);
  return agentBranch(config.branchPrefix, slug, task.role, task.id);
}
