// Judges what a plan means; its shape was parsed before. Code decides here, not the model.
import type { ReplyTask, PlanReply } from './plan-reply.ts';
import { globFault } from './glob-fault.ts';
import { globsOverlap } from './globs-overlap.ts';
import { findCycle, parallelPairs } from './task-graph.ts';

export interface JudgeContext {
  /** Ids of roles that may own a task (the manager is not among them). */
  readonly workerRoles: readonly string[];
  readonly maxTurnsPerTask: number;
  /** False when the project has no checks at all: a task may then lack acceptance commands. */
  readonly acceptanceNeeded: boolean;
  /** True for paths that only people change. */
  readonly isProtected: (path: string) => boolean;
}

/** More tasks than this cost more in hand-over than they gain (practice: 3 to 5 writers at most). */
const MAX_TASKS = 8;

/** All other faults, as sentences the manager can act on; empty when the plan may be run. The graph was judged before. */
export function judgePlan(reply: PlanReply, context: JudgeContext): string[] {
  const { tasks } = reply;
  if (tasks.length === 0) return ['tasks: there must be at least one task.'];
  const faults = tasks.flatMap((task) => judgeTask(task, context));
  if (tasks.length > MAX_TASKS) faults.push(`tasks: at most ${MAX_TASKS}, found ${tasks.length}.`);
  faults.push(...(reply.contract?.files ?? []).flatMap(({ path }) => judgeContractPath(path, context)));
  return faults.length > 0 ? faults : judgeOverlaps(reply);
}

/** Faults of ids and dependencies. Without any, the graph may be walked. */
export function judgeGraph(tasks: readonly ReplyTask[]): string[] {
  const ids = tasks.map((task) => task.task_id);
  const twice = [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
  const faults = twice.map((id) => `${id}: this task id is used more than once.`);
  for (const task of tasks) {
    const unknown = task.dependencies.filter((id) => !ids.includes(id));
    faults.push(...unknown.map((id) => `${task.task_id}: depends on ${id}, which is not a task.`));
  }
  const cycle = findCycle(asNodes(tasks));
  if (cycle !== null) faults.push(`dependencies: ${cycle.join(' -> ')} is a cycle.`);
  return faults;
}

function judgeTask(task: ReplyTask, context: JudgeContext): string[] {
  const faults: string[] = [];
  const say = (fault: string) => faults.push(`${task.task_id}: ${fault}`);
  if (!context.workerRoles.includes(task.assigned_to)) {
    say(`assigned_to "${task.assigned_to}" is not an agent; there are: ${context.workerRoles.join(', ')}.`);
  }
  if (task.owns.length === 0) say('owns must name at least one glob.');
  if (context.acceptanceNeeded && !task.acceptance.some((command) => command.trim() !== '')) {
    say('acceptance must hold at least one command.');
  }
  if (task.estimated_turns > context.maxTurnsPerTask) {
    say(
      `estimated_turns ${task.estimated_turns} is over the limit of ${context.maxTurnsPerTask} turns a task; make it smaller.`,
    );
  }
  faults.push(...task.owns.flatMap((glob) => judgePath(glob, `${task.task_id}: owns`)));
  return faults;
}

/** What the contract holds is committed as it stands; an agent's files are judged when there are any. */
function judgeContractPath(path: string, { isProtected }: JudgeContext): string[] {
  const guarded = isProtected(path) ? [`contract.files: "${path}" is protected; only people change it.`] : [];
  return [...judgePath(path, 'contract.files'), ...guarded];
}

function judgePath(path: string, where: string): string[] {
  const bad =
    path === '' ||
    path.startsWith('/') ||
    path.startsWith('!') ||
    path.includes('\\') ||
    path.split('/').some((part) => part === '..' || part.toLowerCase() === '.git');
  if (bad) {
    return [
      `${where}: "${path}" must be a path or glob inside the repository, with forward slashes and without a leading "!".`,
    ];
  }
  const fault = globFault(path);
  return fault === null ? [] : [`${where}: "${path.slice(0, 100)}" ${fault}; make it plainer.`];
}

/** Owned paths of tasks that may run at the same time must not meet, but in files of the contract. */
function judgeOverlaps(reply: PlanReply): string[] {
  const contract = new Set(reply.contract?.files.map((file) => file.path));
  return parallelPairs(asNodes(reply.tasks)).flatMap(([a, b]) => {
    const shared = a.task.owns.flatMap((one) =>
      b.task.owns
        .filter((two) => !contract.has(one) && !contract.has(two) && globsOverlap(one, two))
        .map((two) => `"${one}" and "${two}"`),
    );
    if (shared.length === 0) return [];
    return [
      `${a.id} and ${b.id} may run at the same time but both own ${shared.join(', ')}; make the paths disjoint or add a dependency.`,
    ];
  });
}

const asNodes = (tasks: readonly ReplyTask[]) =>
  tasks.map((task) => ({ id: task.task_id, dependsOn: task.dependencies, task }));
