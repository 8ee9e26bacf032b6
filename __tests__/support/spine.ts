// What tests of planning, agents and tasks share: a recorded reporter, and the real model adapter on a scripted server.
import { createAnthropicModel } from '../../src/adapters/anthropic-model.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { RunEvent } from '../../src/events.ts';
import { createLedger, type Ledger } from '../../src/money/ledger.ts';
import { priceOf } from '../../src/money/prices.ts';
import type { Message } from '../../src/messages.ts';
import type { Model, Reporter } from '../../src/ports.ts';
import type { Issue, Limits, Role } from '../../src/types.ts';
import type { PlanReply, ReplyTask } from '../../src/plan/plan-reply.ts';
import type { Script } from '../../testbed/model/script.ts';
import { startModelServer, type ModelServer } from '../../testbed/model/server.ts';

export interface Recorded extends Reporter {
  readonly events: RunEvent[];
  of<Type extends RunEvent['type']>(type: Type): Extract<RunEvent, { type: Type }>[];
}

export function recordedReporter(): Recorded {
  const events: RunEvent[] = [];
  return {
    events,
    emit: (event) => void events.push(event),
    of: (type) => events.filter((event): event is Extract<RunEvent, { type: typeof type }> => event.type === type),
  };
}

export const noLimits: Limits = {
  maxApiCalls: null,
  tokenBudget: null,
  costLimitNanoUsd: null,
  maxTurnsPerTask: 40,
  timeoutMs: null,
};

export interface ModelBed {
  readonly server: ModelServer;
  readonly model: Model;
  readonly ledger: Ledger;
  readonly reporter: Recorded;
  close(): Promise<void>;
}

/** The real adapter against a scripted server. */
export async function startModelBed(
  script: Script,
  limits: Partial<Limits> = {},
  apiKey = 'test-key',
): Promise<ModelBed> {
  const server = await startModelServer({ script, apiKey: 'test-key' });
  const ledger = createLedger({ limits: { ...noLimits, ...limits }, priceOf: (name) => priceOf(name) });
  const model = createAnthropicModel({
    apiKey,
    baseUrl: server.url,
    clock: systemClock,
    priceOf: (name) => priceOf(name),
    chance: () => 0,
    onRetry: () => undefined,
  });
  return { server, model, ledger, reporter: recordedReporter(), close: () => server.close() };
}

export const roleOf = (id: string, more: Partial<Role> = {}): Role => ({
  id,
  instructions: `Do the work of ${id}. Then rest.`,
  specialties: [],
  model: 'claude-sonnet-5-5',
  maxTokens: 4_000,
  effort: 'medium',
  fallbackModel: null,
  ...more,
});

export const issueOf = (more: Partial<Issue> = {}): Issue => ({
  number: 42,
  title: 'Add a login form',
  body: 'Users must log in.',
  author: 'ada',
  url: null,
  comments: [],
  instructions: '',
  hiddenCharacters: 0,
  ...more,
});

export const userSays = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

/** A task as the manager says it; `number` makes its id and its own folder. */
export const replyTask = (number: number, more: Partial<ReplyTask> = {}): ReplyTask => ({
  task_id: `TASK-00${number}`,
  title: `Build part ${number}`,
  description: `Details of part ${number}.`,
  assigned_to: 'backend-dev',
  dependencies: [],
  owns: [`src/part${number}/**`],
  deliverables: [`part ${number}`],
  acceptance: [`npm test -- part${number}`],
  estimated_turns: 20,
  ...more,
});

export const planReply = (tasks: readonly ReplyTask[], more: Partial<PlanReply> = {}): PlanReply => ({
  summary: 'Two parts.',
  kind: 'feature',
  tasks: [...tasks],
  decisions: [],
  contract: null,
  ...more,
});
