// Asks the manager for a plan, has code judge it, asks for at most two repairs, and falls back to one task.
import { createHash } from 'node:crypto';
import { askModel, type AskDeps } from '../agent/ask-model.ts';
import { systemPrompt } from '../agent/system-prompt.ts';
import { toolDefinitions } from '../agent/tools/all.ts';
import { inputUpperBound } from '../money/input-bound.ts';
import type { Message } from '../messages.ts';
import type { ModelReply, ModelRequest } from '../ports.ts';
import type { Estimate, Issue, LimitReached, Limits, Plan, Role, Task } from '../types.ts';
import { collapsePlan } from './collapse-plan.ts';
import { judgeGraph, judgePlan } from './judge-plan.ts';
import { parsePlanReply, planReplyJsonSchema, type PlanReply } from './plan-reply.ts';
import { planMessage, repairMessage } from './prompt.ts';
import { reasonsAgainstSplit } from './split-test.ts';

export interface PlanInput {
  readonly issue: Issue;
  /** First message: brief and request, shared with all agents. */
  readonly shared: Message;
  readonly manager: Role;
  readonly workers: readonly Role[];
  readonly limits: Limits;
  readonly checks: readonly { readonly name: string; readonly command: string }[];
  /** True when an existing pull request goes on. */
  readonly continues: boolean;
}

export interface PlanDeps extends AskDeps {
  readonly estimate: (tasks: readonly Task[]) => Estimate;
}

export type PlanResult =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'limit'; readonly limit: LimitReached }
  | { readonly kind: 'failed'; readonly reply: Extract<ModelReply, { kind: 'failed' }> };

/** Repairs after the first answer (agent-loop practice: more seldom help). */
const MAX_REPAIRS = 2;

/** The plan to run: the manager's, repaired or collapsed where code says so, else one task made without a model. */
export async function makePlan(input: PlanInput, deps: PlanDeps): Promise<PlanResult> {
  const messages: Message[] = [
    input.shared,
    planMessage(input.workers, input.limits, input.continues, input.checks.length > 0),
  ];
  let faults: string[] = [];
  for (let attempt = 1; attempt <= 1 + MAX_REPAIRS; attempt++) {
    const request = requestOf(input, messages);
    const bound = inputUpperBound({
      previousTotalTokens: 0,
      newBytes: 0,
      firstCallBytes: Buffer.byteLength(JSON.stringify(request)),
    });
    const answer = await askModel(request, bound, { agent: 'manager', role: input.manager.id, turn: attempt }, deps);
    if (answer.kind !== 'reply') return answer.kind === 'limit' ? answer : { kind: 'failed', reply: answer };
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const judged = judge(text, input);
    if (judged.ok) return { kind: 'plan', plan: finishPlan(judged.reply, deps) };
    faults = judged.faults;
    deps.reporter.emit({ type: 'plan.refused', attempt, faults });
    messages.push(
      { role: 'assistant', content: text.trim() === '' ? [{ type: 'text', text: '(no plan)' }] : answer.content },
      repairMessage(faults),
    );
  }
  return { kind: 'plan', plan: finishPlan(fallbackReply(input, faults), deps) };
}

function judge(text: string, input: PlanInput): { ok: true; reply: PlanReply } | { ok: false; faults: string[] } {
  const parsed = parsePlanReply(text);
  if (!parsed.ok) return parsed;
  const graphFaults = judgeGraph(parsed.reply.tasks);
  if (graphFaults.length > 0) return { ok: false, faults: graphFaults };
  const { maxTurnsPerTask } = input.limits;
  const reply = collapsePlan(parsed.reply, reasonsAgainstSplit(parsed.reply), maxTurnsPerTask);
  const faults = judgePlan(reply, {
    workerRoles: input.workers.map((role) => role.id),
    maxTurnsPerTask,
    acceptanceNeeded: input.checks.length > 0,
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, reply };
}

function finishPlan(reply: PlanReply, deps: PlanDeps): Plan {
  const tasks = reply.tasks.map(toTask(reply));
  const decisions = reply.decisions.map((decision) => ({
    decision: decision.decision,
    rationale: decision.rationale,
    affectedAgents: decision.affected_agents,
  }));
  const body = { summary: reply.summary, tasks, decisions, contract: reply.contract };
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return { ...body, estimate: deps.estimate(tasks), hash };
}

/** Ids are ours (TASK-001 ...), by position: they become branch names. */
function toTask(reply: PlanReply): (task: PlanReply['tasks'][number], index: number) => Task {
  const idOf = new Map(reply.tasks.map((task, i) => [task.task_id, `TASK-${String(i + 1).padStart(3, '0')}`]));
  return (task) => ({
    id: idOf.get(task.task_id) ?? task.task_id,
    title: task.title,
    role: task.assigned_to,
    instructions: task.description,
    dependsOn: task.dependencies.map((id) => idOf.get(id) ?? id),
    owns: task.owns,
    deliverables: task.deliverables,
    acceptance: task.acceptance.filter((command) => command.trim() !== ''),
    estimatedTurns: Math.max(1, Math.round(task.estimated_turns)),
  });
}

/** One task with the request itself as instructions and the project's checks as acceptance. */
function fallbackReply(input: PlanInput, faults: readonly string[]): PlanReply {
  return {
    summary: input.issue.title,
    kind: 'other',
    contract: null,
    decisions: [
      {
        decision: 'One agent does the whole request.',
        rationale: `The manager's plan could not be used after ${MAX_REPAIRS} repairs: ${faults.slice(0, 3).join(' ')}`,
        affected_agents: [],
      },
    ],
    tasks: [
      {
        task_id: 'TASK-001',
        title: input.issue.title,
        description: 'Do what the request asks for, with tests where the project has tests.',
        assigned_to: input.workers[0]?.id ?? input.manager.id,
        dependencies: [],
        owns: ['**'],
        deliverables: [],
        acceptance: input.checks.map((check) => check.command),
        estimated_turns: Math.min(30, input.limits.maxTurnsPerTask),
      },
    ],
  };
}

function requestOf(input: PlanInput, messages: readonly Message[]): ModelRequest {
  return {
    model: input.manager.model,
    maxTokens: input.manager.maxTokens,
    system: systemPrompt,
    tools: toolDefinitions,
    toolChoice: 'none',
    messages,
    sharedPrefixMessages: 0,
    outputSchema: planReplyJsonSchema(),
    effort: 'high',
  };
}
