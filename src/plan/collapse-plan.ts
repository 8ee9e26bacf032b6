// Turns a plan of several tasks into a plan of one, losing nothing that was asked for.
import type { PlanReply, ReplyTask } from './plan-reply.ts';

/**
 * One task that holds the text, paths and acceptance of all, with a decision that says why. A plan that may be split
 * (no reasons against it) is left as it is; a contract that only one task would use becomes part of that task.
 * @param maxTurnsPerTask ceiling of the joined estimate: a task of more turns would be refused, and it is ours
 */
export function collapsePlan(reply: PlanReply, reasons: readonly string[], maxTurnsPerTask: number): PlanReply {
  const [first] = reply.tasks;
  const single = reply.tasks.length === 1;
  if (first === undefined || (single ? reply.contract === null : reasons.length === 0)) return reply;
  const one = { ...reply, contract: null, tasks: [joined(reply, first, maxTurnsPerTask)] };
  return single ? one : { ...one, decisions: [...reply.decisions, oneAgent(reply, first, reasons)] };
}

function oneAgent(reply: PlanReply, first: ReplyTask, reasons: readonly string[]): PlanReply['decisions'][number] {
  return {
    decision: `One agent does all ${reply.tasks.length} proposed tasks.`,
    rationale: `Splitting was refused: ${reasons.join('; ')}.`,
    affected_agents: [busiestRole(reply.tasks) ?? first.assigned_to],
  };
}

function joined(reply: PlanReply, first: ReplyTask, maxTurnsPerTask: number): ReplyTask {
  const all = <T>(pick: (task: ReplyTask) => readonly T[]): T[] => [...new Set(reply.tasks.flatMap(pick))];
  return {
    task_id: 'TASK-001',
    title: reply.tasks.map((task) => task.title).join('; '),
    description: [...reply.tasks.map(numbered), contractText(reply)].filter((text) => text !== '').join('\n\n'),
    assigned_to: busiestRole(reply.tasks) ?? first.assigned_to,
    dependencies: [],
    owns: [...all((task) => task.owns), ...(reply.contract?.files.map((file) => file.path) ?? [])],
    deliverables: all((task) => task.deliverables),
    acceptance: all((task) => task.acceptance),
    estimated_turns: reply.tasks.length === 1 ? first.estimated_turns : Math.min(sumOfTurns(reply), maxTurnsPerTask),
  };
}

const sumOfTurns = ({ tasks }: PlanReply): number => tasks.reduce((sum, task) => sum + task.estimated_turns, 0);

const numbered = (task: ReplyTask, index: number, all: readonly ReplyTask[]): string =>
  all.length === 1 ? task.description : `${index + 1}. ${task.title}\n${task.description}`;

function contractText({ contract }: PlanReply): string {
  if (contract === null) return '';
  return [
    `Shared interface: ${contract.summary}`,
    ...contract.files.map((file) => `${file.path}:\n${file.content}`),
  ].join('\n\n');
}

function busiestRole(tasks: readonly ReplyTask[]): string | undefined {
  const turns = new Map<string, number>();
  for (const task of tasks) turns.set(task.assigned_to, (turns.get(task.assigned_to) ?? 0) + task.estimated_turns);
  return [...turns].sort(([, a], [, b]) => b - a)[0]?.[0];
}
