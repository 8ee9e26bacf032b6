// Asks the manager for a plan, has code judge it, asks for at most two repairs, and falls back to one task.
import { createHash } from 'node:crypto';
import { askModel, type AskDeps } from '../agent/ask-model.ts';
import { systemPrompt } from '../agent/system-prompt.ts';
import { toolDefinitionsFor } from '../agent/tools/all.ts';
import { inputUpperBound } from '../money/input-bound.ts';
import type { Message } from '../messages.ts';
import type { ModelReply, ModelRequest } from '../ports.ts';
import type { EditFormat, Estimate, Issue, LimitReached, Limits, Plan, Role, Task } from '../types.ts';
import { collapsePlan } from './collapse-plan.ts';
import { judgeGraph, judgePlan } from './judge-plan.ts';
import { needsNoPlanning } from './needs-no-planning.ts';
import { parsePlanReply, planReplyJsonSchema, type PlanReply } from './plan-reply.ts';
import { planMessage, repairMessage } from './prompt.ts';
import { instructionReply, requestReply } from './single-task-reply.ts';
import { reasonsAgainstSplit } from './split-test.ts';

export interface PlanInput {
  readonly issue: Issue;
  /** First message: brief and request, shared with all agents. */
  readonly shared: Message;
  readonly manager: Role;
  readonly workers: readonly Role[];
  readonly limits: Limits;
  readonly checks: readonly { readonly name: string; readonly command: string }[];
  /** True for paths that only people change. */
  readonly isProtected: (path: string) => boolean;
  /** True when an existing pull request goes on. */
  readonly continues: boolean;
  /** True when a request that needs no planning may go without: the person asked for work, not for a plan. */
  readonly mayGoUnplanned?: boolean;
  /** As for all agents of the run: the list of tools is part of the prefix that they share. `edit` unless told. */
  readonly editFormat?: EditFormat;
}

export interface PlanDeps extends AskDeps {
  /** Awaited once a reply is there, before the first estimate: what estimates are made from may be read meanwhile. */
  readonly beforeEstimate?: () => Promise<void>;
  /** @param spentNanoUsd by the planning so far */
  readonly estimate: (tasks: readonly Task[], spentNanoUsd: number) => Estimate;
}

export type PlanResult =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'limit'; readonly limit: LimitReached }
  | { readonly kind: 'failed'; readonly reply: Extract<ModelReply, { kind: 'failed' }> };

/** Repairs after the first answer (agent-loop practice: more seldom help). */
const MAX_REPAIRS = 2;

/** The plan to run: the manager's, repaired or collapsed where code says so, else one task made without a model. */
export async function makePlan(input: PlanInput, deps: PlanDeps): Promise<PlanResult> {
  const whyUnplanned = input.mayGoUnplanned === true ? needsNoPlanning(input) : null;
  if (whyUnplanned !== null) return { kind: 'plan', plan: finishPlan(instructionReply(input, whyUnplanned), deps, 0) };
  const messages: Message[] = [
    input.shared,
    planMessage(input.workers, input.limits, input.continues, input.checks.length > 0),
  ];
  tellOpening(messages, deps);
  let faults: string[] = [];
  // Not what the ledger says: a run that goes on has spent more by then than it had when this was decided first.
  let spentNanoUsd = 0;
  for (let attempt = 1; attempt <= 1 + MAX_REPAIRS; attempt++) {
    const request = requestOf(input, messages);
    const bound = inputUpperBound({
      previousTotalTokens: 0,
      newBytes: 0,
      firstCallBytes: Buffer.byteLength(JSON.stringify(request)),
    });
    const asker = { agent: 'manager', role: input.manager.id, turn: attempt, purpose: 'plan' as const };
    const answer = await askModel(request, bound, asker, deps);
    if (answer.kind !== 'reply') return answer.kind === 'limit' ? answer : { kind: 'failed', reply: answer };
    spentNanoUsd += answer.usage.costNanoUsd;
    await deps.beforeEstimate?.();
    const text = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const judged = answer.stopReason === 'max_tokens' ? cutReply(input) : judge(text, input, deps, spentNanoUsd);
    if (judged.ok) return { kind: 'plan', plan: finishPlan(judged.reply, deps, spentNanoUsd) };
    faults = judged.faults;
    deps.reporter.emit({ type: 'plan.refused', attempt, faults });
    messages.push(
      { role: 'assistant', content: text.trim() === '' ? [{ type: 'text', text: '(no plan)' }] : answer.content },
      repairMessage(faults),
    );
  }
  return { kind: 'plan', plan: finishPlan(requestReply(input, faults, MAX_REPAIRS), deps, spentNanoUsd) };
}

/** What the manager is asked is in the journal as what agents are told is. */
function tellOpening(messages: readonly Message[], { reporter }: PlanDeps): void {
  for (const { content } of messages) {
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    reporter.emit({ type: 'agent.told', agent: 'manager', turn: 1, text });
  }
}

function judge(
  text: string,
  input: PlanInput,
  deps: PlanDeps,
  spentNanoUsd: number,
): { ok: true; reply: PlanReply } | { ok: false; faults: string[] } {
  const parsed = parsePlanReply(text);
  if (!parsed.ok) return parsed;
  const graphFaults = judgeGraph(parsed.reply.tasks);
  if (graphFaults.length > 0) return { ok: false, faults: graphFaults };
  const { maxTurnsPerTask, costLimitNanoUsd: limitNanoUsd } = input.limits;
  const { expectedNanoUsd } = deps.estimate(parsed.reply.tasks.map(toTask(parsed.reply)), spentNanoUsd);
  const reasons = reasonsAgainstSplit(parsed.reply, { expectedNanoUsd, limitNanoUsd });
  const reply = collapsePlan(parsed.reply, reasons, maxTurnsPerTask);
  const faults = judgePlan(reply, {
    workerRoles: input.workers.map((role) => role.id),
    maxTurnsPerTask,
    acceptanceNeeded: input.checks.length > 0,
    isProtected: input.isProtected,
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, reply };
}

function finishPlan(reply: PlanReply, deps: PlanDeps, spentNanoUsd: number): Plan {
  const tasks = reply.tasks.map(toTask(reply));
  const decisions = reply.decisions.map((decision) => ({
    decision: decision.decision,
    rationale: decision.rationale,
    affectedAgents: decision.affected_agents,
  }));
  const body = { summary: reply.summary, tasks, decisions, contract: reply.contract };
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return { ...body, estimate: deps.estimate(tasks, spentNanoUsd), hash };
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

const cutReply = ({ manager }: PlanInput): { ok: false; faults: string[] } => ({
  ok: false,
  faults: [`The reply was cut at ${manager.maxTokens} tokens, thinking included; answer with a shorter plan.`],
});

function requestOf(input: PlanInput, messages: readonly Message[]): ModelRequest {
  return {
    model: input.manager.model,
    maxTokens: input.manager.maxTokens,
    system: systemPrompt,
    tools: toolDefinitionsFor(input.editFormat ?? 'edit'),
    toolChoice: 'none',
    messages,
    // The first message, which every agent has too: what the manager reads is written to the cache for all.
    sharedPrefixMessages: 0,
    outputSchema: planReplyJsonSchema(),
    effort: input.manager.effort,
  };
}
