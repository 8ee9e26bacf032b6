// Everything that happens in a run, as one tagged union. The journal is a file of these, one JSON object a line;
// whatever people see (comment, summary, report, team-communication.json) is a projection of them.
import type { ContentBlock, StopReason } from './messages.ts';
import type {
  Check,
  DiffJudgement,
  EscalationAction,
  Finding,
  Integration,
  Issue,
  LimitReached,
  Limits,
  Merge,
  Plan,
  Review,
  RunOutcome,
  SandboxFacts,
  TaskResult,
  Trigger,
  Usage,
  Verification,
} from './types.ts';

export type Stage = 'trigger' | 'prepare' | 'plan' | 'execute' | 'integrate' | 'verify' | 'publish';
export type CheckPhase = 'baseline' | 'task' | 'merge' | 'final';

export type RunEvent =
  | {
      readonly type: 'run.started';
      readonly runId: string;
      readonly version: string;
      readonly trigger: Trigger;
      readonly model: string;
      readonly limits: Limits;
    }
  /** The run goes on after its process was killed: so much is taken from its journal. Written before anything else is. */
  | {
      readonly type: 'run.resumed';
      readonly version: string;
      readonly replies: number;
      readonly toolCalls: number;
    }
  /**
   * What an earlier run has left is taken over from its record in the repository: its plan, the tasks that had ended, and
   * what all that has cost.
   */
  | {
      readonly type: 'run.continued';
      readonly runId: string;
      readonly results: readonly TaskResult[];
      readonly usage: Usage;
    }
  /** Somebody wants the run to stop. `by`: a person, a signal, another run. */
  | { readonly type: 'stop.requested'; readonly by: string }
  /** An effect outside is about to be made (a push, a pull request, a comment). `call` names it and what it is made with. */
  | { readonly type: 'call.started'; readonly call: string }
  /** The answer to a call, or a decision that is taken once (a random number, the clock): a resumed run takes it from here. */
  | { readonly type: 'call.ended'; readonly call: string; readonly answer: unknown }
  | { readonly type: 'stage.started'; readonly stage: Stage }
  | { readonly type: 'issue.read'; readonly issue: Issue }
  | {
      readonly type: 'base.opened';
      readonly commit: string;
      readonly branch: string;
      readonly continues: number | null;
    }
  /** Commands are kept in this, which was tried out before anything was trusted to it. */
  | ({ readonly type: 'sandbox.opened' } & SandboxFacts)
  | {
      readonly type: 'setup.ended';
      readonly command: string;
      readonly exitCode: number | null;
      readonly durationMs: number;
    }
  | { readonly type: 'plan.refused'; readonly attempt: number; readonly faults: readonly string[] }
  | { readonly type: 'plan.accepted'; readonly plan: Plan }
  | {
      readonly type: 'task.started';
      readonly taskId: string;
      readonly role: string;
      readonly branch: string;
      readonly baseCommit: string;
    }
  /**
   * A model call is about to be made: written before it is. What is reserved is the most that it can cost; a run that
   * finds no answer to it in its earlier journal counts that as spent. `attempt` counts from 1: a call whose reply was
   * lost is reserved again. `requestHash`: sha256 (hex) of the request, where calls are recorded.
   */
  | {
      readonly type: 'model.asked';
      readonly agent: string;
      readonly role: string;
      readonly turn: number;
      readonly attempt: number;
      readonly requestHash?: string;
      readonly reservedNanoUsd: number;
      /** Input and output together. */
      readonly reservedTokens: number;
      /** As sent; less than the role's where a limit was near. */
      readonly maxTokens: number;
    }
  /** One model reply. `agent` is `manager`, `reviewer` or a task id; `content` is as it came (transcript). */
  | {
      readonly type: 'model.replied';
      readonly agent: string;
      readonly role: string;
      readonly turn: number;
      /** As in `model.asked`. */
      readonly requestHash?: string;
      readonly model: string;
      readonly stopReason: StopReason;
      readonly content: readonly ContentBlock[];
      readonly usage: Usage;
      readonly durationMs: number;
    }
  | {
      readonly type: 'model.failed';
      readonly agent: string;
      /** Absent in journals of earlier versions. */
      readonly turn?: number;
      /** As in `model.asked`. */
      readonly requestHash?: string;
      /** Of the adapter; or `lost`: the process was killed before an answer came, and the usage is the most there can be. */
      readonly reason: string;
      readonly message: string;
      readonly usage: Usage;
    }
  /** A request is to be tried again (`attempt` counts from 1). */
  | { readonly type: 'model.retried'; readonly attempt: number; readonly reason: string; readonly delayMs: number }
  /** What an agent is told besides tool results: its first message, nudges, work handed back. */
  | { readonly type: 'agent.told'; readonly agent: string; readonly turn: number; readonly text: string }
  /** A call that may change files is about to be made. `call`: see `tool.ended`. */
  | { readonly type: 'tool.started'; readonly agent: string; readonly call: number; readonly tool: string }
  /** The files of an agent as they were after so many of its calls. `save` numbers those that the run itself asked for. */
  | {
      readonly type: 'tree.saved';
      readonly agent: string;
      readonly calls: number;
      readonly save: number | null;
      readonly tree: string;
      readonly refused: readonly { readonly path: string; readonly reason: string }[];
    }
  | {
      readonly type: 'tool.ended';
      readonly agent: string;
      readonly turn: number;
      /** Number of the call among those that reached the agent's tree, from 1; absent for one that did not. */
      readonly call?: number;
      readonly toolUseId: string;
      readonly tool: string;
      readonly input: unknown;
      readonly content: string;
      readonly isError: boolean;
      readonly durationMs: number;
    }
  /** The agent's own list of steps (the `plan` tool). */
  | {
      readonly type: 'agent.steps';
      readonly agent: string;
      readonly items: readonly { readonly text: string; readonly status: string }[];
    }
  | {
      readonly type: 'task.handed-back';
      readonly taskId: string;
      readonly kind: 'acceptance' | 'ownership' | 'policy' | 'conflict' | 'broken-check';
      readonly detail: string;
    }
  | { readonly type: 'check.ended'; readonly phase: CheckPhase; readonly taskId: string | null; readonly check: Check }
  | { readonly type: 'task.ended'; readonly result: TaskResult }
  | { readonly type: 'merge.ended'; readonly merge: Merge }
  /**
   * The manager decided for an agent that could not go on. `rule`: what stopped it; `text`: what it is told. A
   * `fallback_model` is the configuration's decision, not the manager's.
   */
  | {
      readonly type: 'escalation.ended';
      readonly taskId: string;
      readonly rule: string;
      readonly action: EscalationAction | 'fallback_model';
      readonly text: string;
      readonly rationale: string;
    }
  /** What only a person can answer; the task keeps what it has, and the run goes on with the rest. */
  | { readonly type: 'question.asked'; readonly taskId: string; readonly question: string }
  /** The manager read the integrated diff with a clean context. `round` counts from 1. */
  | {
      readonly type: 'review.ended';
      readonly round: number;
      readonly verdict: Review['verdict'];
      readonly findings: readonly Finding[];
    }
  | { readonly type: 'integration.ended'; readonly integration: Integration }
  | { readonly type: 'verification.ended'; readonly verification: Verification }
  /** What the diff policy says of the whole change, before anything of it is published. */
  | { readonly type: 'diff.judged'; readonly judgement: DiffJudgement }
  | { readonly type: 'limit.reached'; readonly limit: LimitReached }
  | { readonly type: 'branch.pushed'; readonly branch: string; readonly commit: string }
  /** This job may not write to the repository: branches that are `pushed` are kept for another one. */
  | { readonly type: 'work.held-back' }
  /** What was built is left for another job, which may write to the repository and publishes it. */
  | { readonly type: 'work.handed-over'; readonly directory: string; readonly manifestSha256: string }
  /** Another job's work was taken in and looked at: so many commits on so many branches. */
  | { readonly type: 'handover.checked'; readonly commits: number; readonly branches: number }
  | { readonly type: 'comment.saved'; readonly kind: 'progress' | 'summary'; readonly id: number; readonly url: string }
  /**
   * A credential of this run showed in what an agent said, ran or wrote: nothing leaves any more. `agent`: null where none
   * can be named; `path`: of a changed file.
   */
  | {
      readonly type: 'credential.exposed';
      readonly agent: string | null;
      readonly place: ExposurePlace;
      readonly path: string | null;
    }
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'run.ended'; readonly outcome: RunOutcome; readonly usage: Usage; readonly durationMs: number };

export type ExposurePlace =
  | 'model reply'
  | 'tool input'
  | 'tool result'
  | 'command output'
  | 'report of an agent'
  | 'changed file'
  | 'commit message';

/** An event as it stands in the journal: numbered from 0, with its time (ms since the epoch). */
export interface JournalEntry {
  readonly seq: number;
  readonly atMs: number;
  readonly event: RunEvent;
}
