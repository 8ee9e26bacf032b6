// From journal entries to the state of the run: one small function an event type.
import type { JournalEntry, RunEvent } from '../events.ts';
import { addUsage, noUsage, subtractUsage } from '../money/usage.ts';
import type { Check, Task, TaskResult, Usage } from '../types.ts';
import { emptyRunState, type RunState, type TaskState } from './run-state.ts';

/** The state after one more entry. Pure; unknown event types leave it as it is but for the time. */
export function applyEntry(state: RunState, { event, atMs }: JournalEntry): RunState {
  const now = { ...state, lastAtMs: atMs };
  return Object.hasOwn(changes, event.type) ? changeBy(event.type, now, event, atMs) : now;
}

/** The state after all entries. */
export function projectRun(entries: Iterable<JournalEntry>): RunState {
  let state = emptyRunState;
  for (const entry of entries) state = applyEntry(state, entry);
  return state;
}

type Events = { readonly [Event in RunEvent as Event['type']]: Event };
type Changes = {
  readonly [Type in keyof Events]: (state: RunState, event: Events[Type], atMs: number) => RunState;
};

function changeBy<Type extends keyof Events>(type: Type, state: RunState, event: Events[Type], atMs: number): RunState {
  const change: Changes[Type] = changes[type];
  return change(state, event, atMs);
}

const unchanged = (state: RunState): RunState => state;

const changes: Changes = {
  'run.started': (state, { runId, version, trigger, model, limits }, atMs) => ({
    ...state,
    ...{ runId, version, trigger, model, limits },
    startedAtMs: atMs,
  }),
  'run.resumed': unchanged,
  'run.continued': (state, { results, usage }) => withEarlier(state, results, usage),
  'stop.requested': (state, { by }) => ({ ...state, stoppedBy: state.stoppedBy ?? by }),
  'call.started': unchanged,
  'call.ended': unchanged,
  'call.failed': unchanged,
  'tool.started': unchanged,
  'tree.saved': unchanged,
  'stage.started': (state, { stage }) => ({ ...state, stage }),
  'issue.read': (state, { issue }) => ({ ...state, issue }),
  'sandbox.opened': (state, { type: _type, ...sandbox }) => ({ ...state, sandbox }),
  'confirmation.asked': (state, { confirmation }) => ({ ...state, confirmation }),
  'base.opened': (state, { commit, branch, continues }) => ({ ...state, base: { commit, branch, continues } }),
  'setup.ended': unchanged,
  'plan.refused': (state, { attempt, faults }) => ({
    ...state,
    planRefusals: [...state.planRefusals, { attempt, faults }],
  }),
  'plan.accepted': (state, { plan }) => ({ ...state, plan, tasks: plan.tasks.map(waiting) }),
  'task.started': (state, { taskId, branch }, atMs) =>
    onTask(state, taskId, (task) => ({
      status: 'running',
      branch,
      // A task that is reopened goes on from where it first started.
      startedAtMs: task.startedAtMs ?? atMs,
      activity: 'starting',
    })),
  'model.asked': unchanged,
  'request.part': unchanged,
  'model.replied': (state, { agent, role, turn, usage }) =>
    onTask(withUsage(state, role, usage), agent, (task) => ({
      turns: Math.max(task.turns, turn),
      usage: addUsage(task.usage, usage),
    })),
  'model.failed': (state, { agent, usage }) =>
    onTask(withUsage(state, roleOf(state, agent), usage), agent, (task) => ({ usage: addUsage(task.usage, usage) })),
  'model.retried': unchanged,
  'agent.told': unchanged,
  'tool.ended': (state, { agent, tool, input }) => onTask(state, agent, { activity: describeTool(tool, input) }),
  'agent.steps': unchanged,
  'task.handed-back': (state, { taskId }) =>
    onTask(state, taskId, (task) => ({ status: 'running', handedBack: task.handedBack + 1 })),
  'check.ended': (state, { phase, taskId, check }) => {
    if (phase === 'baseline') return { ...state, baseline: withCheck(state.baseline, check) };
    if (phase !== 'task' || taskId === null) return state;
    return onTask(state, taskId, (task) => ({ checks: withCheck(task.checks, check) }));
  },
  'task.ended': (state, { result }, atMs) =>
    onTask(state, result.task.id, {
      status: result.status === 'completed' ? 'merging' : result.status,
      result,
      checks: result.checks,
      activity: null,
      endedAtMs: atMs,
    }),
  'merge.ended': (state, { merge }, atMs) =>
    onTask(state, merge.taskId, ({ result }) => ({
      merge,
      status: merge.status === 'merged' ? (result?.status ?? 'completed') : unmergedStatus(result),
      activity: null,
      endedAtMs: atMs,
    })),
  'escalation.ended': (state, { taskId, rule, action, text, rationale }) => ({
    ...onTask(state, taskId, { activity: `the manager was asked: ${action}` }),
    escalations: [...state.escalations, { taskId, rule, action, text, rationale }],
  }),
  'question.asked': (state, { taskId, question }) => ({
    ...state,
    questions: [...state.questions, { taskId, question }],
  }),
  'review.ended': (state, { round, verdict, findings }) => ({
    ...state,
    reviews: [...state.reviews, { round, verdict, findings }],
  }),
  'integration.ended': (state, { integration }) => ({ ...state, integration }),
  'verification.ended': (state, { verification }) => ({ ...state, verification }),
  'diff.judged': (state, { judgement }) => ({ ...state, judgement }),
  'limit.reached': (state, { limit }) => ({ ...state, limit: state.limit ?? limit }),
  'branch.pushed': (state, { branch, commit }) => ({
    ...state,
    branches: [...state.branches.filter((known) => known.branch !== branch), { branch, commit }],
  }),
  'work.held-back': (state) => ({ ...state, handover: { kind: 'held' } }),
  'work.handed-over': (state) => ({ ...state, handover: { kind: 'left' } }),
  'handover.checked': (state, { commits, branches }) => ({
    ...state,
    handover: { kind: 'checked', commits, branches },
  }),
  'comment.saved': unchanged,
  'credential.exposed': (state) => ({ ...state, isExposed: true }),
  warning: (state, { message }) => ({ ...state, warnings: [...state.warnings, message] }),
  'run.ended': (state, { outcome }) => ({ ...state, outcome }),
};

const waiting = (task: Task): TaskState => ({
  task,
  status: 'waiting',
  branch: null,
  turns: 0,
  usage: noUsage,
  checks: [],
  handedBack: 0,
  activity: null,
  startedAtMs: null,
  endedAtMs: null,
  result: null,
  merge: null,
});

/** Work that was not finished keeps its own name for that; finished work that cannot be merged has failed. */
const unmergedStatus = (result: TaskResult | null): TaskState['status'] =>
  result === null || result.status === 'completed' ? 'failed' : result.status;

type TaskChange = Partial<TaskState> | ((task: TaskState) => Partial<TaskState>);

function onTask(state: RunState, taskId: string, change: TaskChange): RunState {
  const changed = (task: TaskState): TaskState => ({
    ...task,
    ...(typeof change === 'function' ? change(task) : change),
  });
  return { ...state, tasks: state.tasks.map((task) => (task.task.id === taskId ? changed(task) : task)) };
}

function withUsage(state: RunState, role: string, usage: Usage): RunState {
  const before = state.usageByRole[role] ?? noUsage;
  return {
    ...state,
    usage: addUsage(state.usage, usage),
    usageByRole: { ...state.usageByRole, [role]: addUsage(before, usage) },
  };
}

/** Turns and cost of an earlier run's tasks are theirs; what else it took was the manager's. */
function withEarlier(state: RunState, results: readonly TaskResult[], usage: Usage): RunState {
  const known = results.reduce(
    (sum, { task, turns, usage: own }) => onTask(withUsage(sum, task.role, own), task.id, { turns, usage: own }),
    state,
  );
  const tasks = results.map((result) => result.usage).reduce(addUsage, noUsage);
  return withUsage(known, 'manager', subtractUsage(usage, tasks));
}

const roleOf = (state: RunState, agent: string): string =>
  state.tasks.find((t) => t.task.id === agent)?.task.role ?? 'manager';

const withCheck = (checks: readonly Check[], check: Check): readonly Check[] => [
  ...checks.filter((c) => c.name !== check.name),
  check,
];

function describeTool(tool: string, input: unknown): string {
  const fields = typeof input === 'object' && input !== null ? Object.values(input) : [];
  const first = fields.find((value) => typeof value === 'string');
  return first === undefined ? tool : `${tool} ${first.split('\n', 1)[0]?.slice(0, 60) ?? ''}`;
}
