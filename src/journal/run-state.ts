// The state of a run, a pure projection of its journal (project-run.ts). Comment, summary, report and terminal read only this.
import { noUsage } from '../money/usage.ts';
import type { Stage } from '../events.ts';
import type {
  Check,
  DiffJudgement,
  EscalationAction,
  Integration,
  Issue,
  LimitReached,
  Limits,
  Merge,
  Plan,
  Review,
  RunOutcome,
  SandboxFacts,
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

/** One answer of the manager to an agent that could not go on. */
export interface EscalationState {
  readonly taskId: string;
  readonly rule: string;
  readonly action: EscalationAction | 'fallback_model';
  readonly text: string;
  readonly rationale: string;
}

export interface ReviewState extends Review {
  readonly round: number;
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
  /** What commands are kept in; null before it was opened. */
  readonly sandbox: SandboxFacts | null;
  readonly plan: Plan | null;
  readonly planRefusals: readonly { readonly attempt: number; readonly faults: readonly string[] }[];
  readonly tasks: readonly TaskState[];
  readonly baseline: readonly Check[];
  readonly integration: Integration | null;
  readonly verification: Verification | null;
  /** What the diff policy says of the whole change; null before it was asked. */
  readonly judgement: DiffJudgement | null;
  /** Times the manager was asked for an agent that could not go on, oldest first. */
  readonly escalations: readonly EscalationState[];
  /** What only a person can answer, oldest first. */
  readonly questions: readonly { readonly taskId: string; readonly question: string }[];
  /** Reviews of the integrated work, one a round. */
  readonly reviews: readonly ReviewState[];
  readonly limit: LimitReached | null;
  /** Who wanted the run to stop; null: nobody. */
  readonly stoppedBy: string | null;
  /** A credential of the run showed in what an agent said, ran or wrote: nothing is told of the work then. */
  readonly isExposed: boolean;
  readonly warnings: readonly string[];
  /** Branches pushed, newest commit each. */
  readonly branches: readonly { readonly branch: string; readonly commit: string }[];
  readonly usage: Usage;
  readonly usageByRole: Readonly<Record<string, Usage>>;
  readonly startedAtMs: number;
  readonly lastAtMs: number;
  /**
   * Where two jobs share a run. `held`: this one keeps its work for the other. `left`: it has left it. `checked`: this one
   * publishes, and of what it shows it has checked so much by itself; the rest is the other job's word. Null: one job does
   * all.
   */
  readonly handover: Handover | null;
  readonly outcome: RunOutcome | null;
}

export type Handover =
  | { readonly kind: 'held' | 'left' }
  | { readonly kind: 'checked'; readonly commits: number; readonly branches: number };

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
  sandbox: null,
  plan: null,
  planRefusals: [],
  tasks: [],
  baseline: [],
  integration: null,
  verification: null,
  judgement: null,
  escalations: [],
  questions: [],
  reviews: [],
  limit: null,
  stoppedBy: null,
  isExposed: false,
  warnings: [],
  branches: [],
  usage: noUsage,
  usageByRole: {},
  startedAtMs: 0,
  lastAtMs: 0,
  handover: null,
  outcome: null,
};
