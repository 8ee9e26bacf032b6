// `team-communication.json` in the shape its users know, projected from a run's state. Written by the orchestrator alone.
import type { Check } from '../types.ts';
import { runDecisions } from './run-decisions.ts';
import { isPassed, requestTitle, unfinishedReason } from './run-facts.ts';
import type { RunState, TaskState } from './run-state.ts';
import type { TeamCommunication } from './team-communication-schema.ts';

/** The file's content at this state. Pure; texts in it are untrusted and not redacted yet. */
export function teamCommunication(whole: RunState): TeamCommunication {
  // Of a run that may have shown a credential no word of an agent is told.
  const state = whole.isExposed ? { ...whole, plan: null, tasks: [], escalations: [], integration: null } : whole;
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

function toActiveTask({
  task,
  status: now,
  branch,
}: TaskState): TeamCommunication['manager_instructions']['active_tasks'][number] {
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

function toAgentUpdate(task: TaskState, state: RunState): readonly TeamCommunication['agent_updates'][number][] {
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

function toIntegrationRequest({
  task,
  result,
  merge,
}: TaskState): readonly TeamCommunication['integration_requests'][number][] {
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
