// May this plan be split among several agents? One writer is the default; a split has to earn its overhead.
import type { PlanReply } from './plan-reply.ts';
import { criticalPath, parallelPairs } from './task-graph.ts';

/** Below this many turns a task's prefix, hand-over and merge cost more than running it beside another gains. */
const MIN_TURNS = 15;
/** The longest chain may be at most this share of all work, or there is little to gain by running in parallel. */
const MAX_CRITICAL_SHARE = 0.6;
/**
 * Kinds of work that are one line of thought. Agents that share such work solve about half of what one agent solves
 * (CooperBench, https://arxiv.org/abs/2601.13295; Kim et al., https://arxiv.org/abs/2512.08296).
 */
const ONE_WRITER_KINDS: ReadonlySet<PlanReply['kind']> = new Set(['bug-fix', 'refactor', 'rename', 'migration']);

/**
 * Share of the cost limit that tasks may be expected to take: a quarter is left for merging, repairs, review and the end
 * (agent-loop practice: 15 and 10 %). Half-done parts at the limit are worth less than one part that is whole.
 */
const MAX_COST_SHARE = 0.75;

/** What the tasks are expected to cost beside the limit of the run; null limit: there is none. Nano-dollars. */
export interface SplitBudget {
  readonly expectedNanoUsd: number;
  readonly limitNanoUsd: number | null;
}

/** Why the plan must not be split; empty when it may be (or has one task anyhow). Disjoint paths were judged before. */
export function reasonsAgainstSplit(reply: PlanReply, budget: SplitBudget): string[] {
  if (reply.tasks.length < 2) return [];
  const nodes = reply.tasks.map((task) => ({ id: task.task_id, dependsOn: task.dependencies, task }));
  const total = reply.tasks.reduce((sum, task) => sum + task.estimated_turns, 0);
  const longest = criticalPath(nodes, (node) => node.task.estimated_turns);
  const small = reply.tasks.filter((task) => task.estimated_turns < MIN_TURNS);
  const reasons: string[] = [];
  if (ONE_WRITER_KINDS.has(reply.kind)) reasons.push(`a ${reply.kind} is one line of thought`);
  if (parallelPairs(nodes).length === 0) reasons.push('no two tasks could run at the same time');
  else if (longest > total * MAX_CRITICAL_SHARE) {
    reasons.push(
      `the longest chain is ${Math.round((100 * longest) / total)} % of the work (at most ${MAX_CRITICAL_SHARE * 100} %)`,
    );
  }
  if (small.length > 0) {
    reasons.push(
      `${small.map((task) => `${task.task_id} needs only ${task.estimated_turns} turns`).join(', ')} (at least ${MIN_TURNS})`,
    );
  }
  if (reply.tasks.some((task) => task.acceptance.length === 0))
    reasons.push('not every task has an acceptance command of its own');
  const { expectedNanoUsd, limitNanoUsd } = budget;
  if (limitNanoUsd !== null && expectedNanoUsd > limitNanoUsd * MAX_COST_SHARE) {
    const percent = Math.round((100 * expectedNanoUsd) / limitNanoUsd);
    reasons.push(
      `it is expected to take ${percent} % of the cost limit (at most ${MAX_COST_SHARE * 100} %, the rest is for merging)`,
    );
  }
  return reasons;
}
