// One task of the plan, handed to the stage that builds it.
import type { AskDeps } from './agent/ask-model.ts';
import { agentBranch } from './branch-names.ts';
import type { Config } from './config/config.ts';
import { buildTask, type BuiltTask } from './execute/build-task.ts';
import type { BuildDeps, BuildInput } from './execute/work.ts';
import type { Head } from './integrate/land-task.ts';
import type { Message } from './messages.ts';
import type { Clock, Git, Tree, Trees } from './ports.ts';
import type { Check, Issue, Plan, Task } from './types.ts';
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
  /** Calls of the manager so far. */
  readonly managerCalls: number;
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

/** What one conversation starts from, besides the run's own values. */
export type TaskStart = Pick<BuildInput, 'task' | 'baseCommit' | 'before'> &
  Partial<Pick<BuildInput, 'reopened' | 'resolves' | 'turnsBefore'>>;

export type TaskHelp = Pick<BuildDeps, 'askManager' | 'grantPaths'>;

/** Builds the task in its role, on its own branch. */
export function buildOne(start: TaskStart, input: RunTasksInput, deps: RunTasksDeps & TaskHelp): Promise<BuiltTask> {
  const { config, plan, shared, briefed, head } = input;
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
      protectedPaths: config.protectedPaths,
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
