// `team-communication.json` in the shape its users know, projected from a run's state. Written by the orchestrator alone.
import * as z from 'zod/mini';
import type { Check } from '../types.ts';
import { runDecisions } from './run-decisions.ts';
import { isPassed, requestTitle, unfinishedReason } from './run-facts.ts';
import type { RunState, TaskState } from './run-state.ts';

const status = z.enum(['waiting', 'running', 'merging', 'completed', 'failed', 'skipped', 'partial']);

const activeTask = z.strictObject({
  task_id: z.string(),
  description: z.string(),
  assigned_to: z.string().check(z.describe('Agent that owns the task')),
  status,
  branch: z.nullable(z.string()),
  dependencies: z.array(z.string()).check(z.describe('Tasks that are integrated before this one starts')),
  deliverables: z.array(z.string()),
});

const agentUpdate = z.strictObject({
  agent_id: z.string(),
  task_id: z.string(),
  status,
  progress: z
    .int()
    .check(
      z.gte(0),
      z.lte(100),
      z.describe('Percent by status: 0 waiting, 50 at work, 90 done but not integrated, 100 over'),
    ),
  branch: z.string(),
  commit: z.nullable(z.string()),
  files_modified: z.array(z.string()).check(z.describe('As git has them, not as the agent says')),
  test_results: z
    .nullable(z.string())
    .check(z.describe('Acceptance commands as the orchestrator ran them; null when none ran')),
  blockers: z
    .array(z.string())
    .check(
      z.describe(
        'Why a task is not done, what it asks of people, and what the manager was asked; empty once it is done',
      ),
    ),
  claimed_summary: z.nullable(z.string()).check(z.describe("The agent's own words, not verified")),
});

const integrationRequest = z.strictObject({
  task_id: z.string(),
  branch: z.string(),
  status: z.enum(['pending', 'merged', 'refused']),
  commit: z.nullable(z.string()),
  returns: z.array(z.strictObject({ reason: z.enum(['conflict', 'broken-check']), detail: z.string() })),
});

/** The file's shape; the published JSON schema is made from it. */
export const teamCommunicationSchema = z.strictObject({
  last_updated: z.iso.datetime(),
  run_id: z.string(),
  current_feature: z.string(),
  manager_instructions: z.strictObject({
    current_focus: z.string(),
    active_tasks: z.array(activeTask).check(z.describe('All tasks of the plan, whatever their status')),
    decisions: z.array(
      z.strictObject({ decision: z.string(), rationale: z.string(), affected_agents: z.array(z.string()) }),
    ),
  }),
  agent_updates: z.array(agentUpdate).check(z.describe('One entry a task that was started, newest state')),
  integration_requests: z.array(integrationRequest).check(z.describe('One entry a task whose work was handed in')),
});

export type TeamCommunication = z.infer<typeof teamCommunicationSchema>;

/** JSON schema (draft 2020-12) of the file, as published in `schema/team-communication.schema.json`. */
export function teamCommunicationJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'team-communication.json',
    description: 'State of a run of ai-implement, for agents and people to read. The orchestrator is its only writer.',
    ...z.toJSONSchema(teamCommunicationSchema),
  };
}

/** The file's content at this state. Pure; texts in it are untrusted and not redacted yet. */
export function teamCommunication(state: RunState): TeamCommunication {
  return {
    last_updated: new Date(state.lastAtMs).toISOString(),
    run_id: state.runId,
    current_feature: requestTitle(state),
    manager_instructions: {
      current_focus: currentFocus(state),
      active_tasks: state.tasks.map(toActiveTask),
      decisions: runDecisions(state).map(({ decision, rationale, affectedAgents }) => ({
        decision,
        rationale,
        affected_agents: [...affectedAgents],
      })),
    },
    agent_updates: state.tasks.flatMap((task) => toAgentUpdate(task, state)),
    integration_requests: state.tasks.flatMap(toIntegrationRequest),
  };
}

/** The tasks at work by name; else what the run as a whole does. */
function currentFocus({ tasks, plan, stage, outcome }: RunState): string {
  if (outcome !== null) return `The run has ended: ${outcome.kind}`;
  const atWork = tasks.filter((t) => t.status === 'running').map((t) => `${t.task.id}: ${t.task.title}`);
  if (atWork.length > 0) return atWork.join('; ');
  return plan?.summary ?? (stage === null ? 'The run is starting' : `Stage: ${stage}`);
}

function toActiveTask({ task, status: now, branch }: TaskState): z.infer<typeof activeTask> {
  return {
    task_id: task.id,
    description: task.title,
    assigned_to: task.role,
    status: now,
    branch,
    dependencies: [...task.dependsOn],
    deliverables: [...task.deliverables],
  };
}

const progress: Readonly<Record<TaskState['status'], number>> = {
  waiting: 0,
  running: 50,
  merging: 90,
  completed: 100,
  failed: 100,
  skipped: 100,
  partial: 100,
};

function toAgentUpdate(task: TaskState, state: RunState): readonly z.infer<typeof agentUpdate>[] {
  const branch = task.result?.branch ?? task.branch;
  if (branch === null) return [];
  return [
    {
      agent_id: task.task.role,
      task_id: task.task.id,
      status: task.status,
      progress: progress[task.status],
      branch,
      commit: task.result?.commit ?? null,
      files_modified: (task.result?.changedFiles ?? []).map((f) => f.path),
      test_results: task.checks.length === 0 ? null : task.checks.map(checkWords).join('; '),
      blockers: blockersOf(task, state),
      claimed_summary: task.result?.claims?.summary ?? null,
    },
  ];
}

/** What stands in the way of a task that is not done: its reason, what it asks of people, what it was helped with. */
function blockersOf(task: TaskState, { questions, escalations }: RunState): string[] {
  if (task.status === 'completed' || task.status === 'merging') return [];
  const own = <Entry extends { readonly taskId: string }>(entries: readonly Entry[]): readonly Entry[] =>
    entries.filter(({ taskId }) => taskId === task.task.id);
  const reason = unfinishedReason(task);
  return [
    ...(reason === null ? [] : [reason]),
    ...own(questions).map(({ question }) => `Needs an answer: ${question}`),
    ...own(escalations).map(
      ({ rule, action, text }) => `Stopped by ${rule}; the manager's decision is ${action}: ${text}`,
    ),
  ];
}

function checkWords(check: Check): string {
  const counts = check.passed === undefined ? '' : `, ${check.passed} passed, ${check.failed ?? 0} failed`;
  const exit = check.exitCode === null ? 'stopped at its time limit' : `exit ${check.exitCode}`;
  return `${isPassed(check) ? 'PASS' : 'FAIL'} ${check.name} (${exit}${counts})`;
}

function toIntegrationRequest({ task, result, merge }: TaskState): readonly z.infer<typeof integrationRequest>[] {
  if (result?.status !== 'completed') return [];
  return [
    {
      task_id: task.id,
      branch: result.branch,
      status: merge?.status ?? 'pending',
      commit: merge?.commit ?? result.commit,
      returns: (merge?.returns ?? []).map(({ kind, detail }) => ({ reason: kind, detail })),
    },
  ];
}
