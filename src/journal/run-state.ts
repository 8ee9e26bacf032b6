// The state of a run as a pure projection of its journal entries. Comment, summary, report and terminal read only this.
import type { Stage, JournalEntry } from '../events.ts';
import type {
  Check,
  Integration,
  Issue,
  LimitReached,
  Limits,
  Merge,
  Plan,
  RunOutcome,
  Task,
  TaskResult,
  Trigger,
  Usage,
  Verification,
} from '../types.ts';

export interface TaskState {
  readonly task: Task;
  readonly status: 'waiting' | 'running' | 'merging' | 'completed' | 'failed' | 'skipped' | 'partial';
  readonly branch: string | null;
  readonly turns: number;
  readonly usage: Usage;
  /** Latest result of each acceptance command. */
  readonly checks: readonly Check[];
  readonly handedBack: number;
  /** What the agent does now, in a few words; null when it does not run. */
  readonly activity: string | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly result: TaskResult | null;
  readonly merge: Merge | null;
}

export interface RunState {
  readonly runId: string;
  readonly version: string;
  readonly model: string;
  readonly trigger: Trigger | null;
  readonly limits: Limits | null;
  readonly issue: Issue | null;
  readonly stage: Stage | null;
  readonly base: { readonly commit: string; readonly branch: string; readonly continues: number | null } | null;
  readonly plan: Plan | null;
  readonly planRefusals: readonly { readonly attempt: number; readonly faults: readonly string[] }[];
  readonly tasks: readonly TaskState[];
  readonly baseline: readonly Check[];
  readonly integration: Integration | null;
  readonly verification: Verification | null;
  readonly limit: LimitReached | null;
  readonly warnings: readonly string[];
  /** Branches pushed, newest commit each. */
  readonly branches: readonly { readonly branch: string; readonly commit: string }[];
  readonly usage: Usage;
  readonly usageByRole: Readonly<Record<string, Usage>>;
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  readonly outcome: RunOutcome | null;
}

/** Nothing used yet. */
export const noUsage: Usage = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costNanoUsd: 0,
};

/** The state before the first event. */
export const emptyRunState: RunState = {
  runId: '',
  version: '',
  model: '',
  trigger: null,
  limits: null,
  issue: null,
  stage: null,
  base: null,
  plan: null,
  planRefusals: [],
  tasks: [],
  baseline: [],
  integration: null,
  verification: null,
  limit: null,
  warnings: [],
  branches: [],
  usage: noUsage,
  usageByRole: {},
  startedAtMs: 0,
  lastAtMs: 0,
  outcome: null,
};

/** Adds two usages, field by field. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
  };
}

/** The state after one more entry. Pure; unknown event types leave it as it is but for the time. */
export function applyEntry(state: RunState, entry: JournalEntry): RunState {
  const next = applyEvent({ ...state, lastAtMs: entry.atMs }, entry);
  return next;
}

/** The state after all entries. */
export function projectRun(entries: Iterable<JournalEntry>): RunState {
  let state = emptyRunState;
  for (const entry of entries) state = applyEntry(state, entry);
  return state;
}

function applyEvent(state: RunState, { event, atMs }: JournalEntry): RunState {
  switch (event.type) {
    case 'run.started':
      return { ...state, ...pick(event), startedAtMs: atMs };
    case 'stage.started':
      return { ...state, stage: event.stage };
    case 'issue.read':
      return { ...state, issue: event.issue };
    case 'base.opened':
      return { ...state, base: { commit: event.commit, branch: event.branch, continues: event.continues } };
    case 'plan.refused':
      return { ...state, planRefusals: [...state.planRefusals, { attempt: event.attempt, faults: event.faults }] };
    case 'plan.accepted':
      return { ...state, plan: event.plan, tasks: event.plan.tasks.map(waiting) };
    case 'task.started':
      return onTask(state, event.taskId, (t) => ({
        ...t,
        status: 'running',
        branch: event.branch,
        startedAtMs: atMs,
        activity: 'starting',
      }));
    case 'model.replied':
      return onTask(withUsage(state, event.role, event.usage), event.agent, (t) => ({
        ...t,
        turns: Math.max(t.turns, event.turn),
        usage: addUsage(t.usage, event.usage),
      }));
    case 'model.failed':
      return onTask(withUsage(state, roleOf(state, event.agent), event.usage), event.agent, (t) => ({
        ...t,
        usage: addUsage(t.usage, event.usage),
      }));
    case 'tool.ended':
      return onTask(state, event.agent, (t) => ({ ...t, activity: describeTool(event.tool, event.input) }));
    case 'task.handed-back':
      return onTask(state, event.taskId, (t) => ({ ...t, status: 'running', handedBack: t.handedBack + 1 }));
    case 'check.ended':
      if (event.phase === 'baseline') return { ...state, baseline: withCheck(state.baseline, event.check) };
      if (event.phase !== 'task' || event.taskId === null) return state;
      return onTask(state, event.taskId, (t) => ({ ...t, checks: withCheck(t.checks, event.check) }));
    case 'task.ended':
      return onTask(state, event.result.task.id, (t) => ({
        ...t,
        status: event.result.status === 'completed' ? 'merging' : event.result.status,
        result: event.result,
        checks: event.result.checks,
        activity: null,
        endedAtMs: atMs,
      }));
    case 'merge.ended':
      return onTask(state, event.merge.taskId, (t) => ({
        ...t,
        merge: event.merge,
        status: event.merge.status === 'merged' ? (t.result?.status ?? 'completed') : unmergedStatus(t.result),
        activity: null,
        endedAtMs: atMs,
      }));
    case 'integration.ended':
      return { ...state, integration: event.integration };
    case 'verification.ended':
      return { ...state, verification: event.verification };
    case 'limit.reached':
      return { ...state, limit: state.limit ?? event.limit };
    case 'branch.pushed': {
      const others = state.branches.filter((b) => b.branch !== event.branch);
      return { ...state, branches: [...others, { branch: event.branch, commit: event.commit }] };
    }
    case 'warning':
      return { ...state, warnings: [...state.warnings, event.message] };
    case 'run.ended':
      return { ...state, outcome: event.outcome };
    default:
      return state;
  }
}

function pick(event: Extract<JournalEntry['event'], { type: 'run.started' }>) {
  const { runId, version, trigger, model, limits } = event;
  return { runId, version, trigger, model, limits };
}

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

function onTask(state: RunState, taskId: string, change: (task: TaskState) => TaskState): RunState {
  return { ...state, tasks: state.tasks.map((t) => (t.task.id === taskId ? change(t) : t)) };
}

function withUsage(state: RunState, role: string, usage: Usage): RunState {
  const before = state.usageByRole[role] ?? noUsage;
  return {
    ...state,
    usage: addUsage(state.usage, usage),
    usageByRole: { ...state.usageByRole, [role]: addUsage(before, usage) },
  };
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
