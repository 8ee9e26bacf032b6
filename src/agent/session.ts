// What a session is given, and how it ends.
import type { Message } from '../messages.ts';
import type { Clock, ModelReply, ToolCallOptions, Tree } from '../ports.ts';
import type { EditFormat, Effort, LimitReached, Role } from '../types.ts';
import type { AskDeps } from './ask-model.ts';
import type { RuleName } from './stuck/thresholds.ts';
import type { FinishInput } from './tools/finish.ts';

export interface SessionInput {
  /** Task id; the agent's name in the journal. */
  readonly agent: string;
  readonly role: Role;
  /** First messages; the one at `sharedPrefixMessages` ends what all agents of the run share. */
  readonly opening: readonly Message[];
  readonly sharedPrefixMessages: number;
  readonly tree: Tree;
  readonly toolOptions: ToolCallOptions;
  readonly maxTurns: number;
  /** Fixed for the run by the model's family; `edit` unless said. */
  readonly editFormat?: EditFormat;
  /** Of the role's model, where it is to be another than the adapter or the dated table says. */
  readonly contextWindowTokens?: number;
  /** Input size above which the model costs more, where it is to be another than the dated table says. */
  readonly longPromptAboveTokens?: number | null;
}

export interface SessionDeps extends AskDeps {
  readonly clock: Clock;
  /** Judges `finish(done)`: null accepts, a text hands the work back with it. */
  readonly judge: (claims: FinishInput) => Promise<string | null>;
  /** What git says changed since the task began, as `git diff --stat` would; for compaction and handoff. */
  readonly describeWork: () => Promise<string>;
}

export type SessionEnd =
  | { readonly ended: 'finished'; readonly claims: FinishInput }
  /** `finish` with status `blocked` or `needs_split`. */
  | { readonly ended: 'blocked'; readonly claims: FinishInput }
  | { readonly ended: 'limit'; readonly limit: LimitReached }
  | { readonly ended: 'turns' }
  /** `why` completes "The agent was stuck: ...". */
  | { readonly ended: 'stuck'; readonly rule: RuleName | 'refusal' | 'context'; readonly why: string }
  | { readonly ended: 'refused-work'; readonly why: string; readonly claims: FinishInput }
  | { readonly ended: 'model-failed'; readonly reply: Extract<ModelReply, { kind: 'failed' }> }
  | { readonly ended: 'cancelled' };

/** What a manager needs to know of a conversation: the last five calls, cut. */
export interface SessionDigest {
  readonly turns: number;
  readonly lastCalls: readonly {
    readonly tool: string;
    /** JSON, at most 200 characters. */
    readonly input: string;
    /** Head of the result, at most 300 characters. */
    readonly result: string;
    readonly isError: boolean;
  }[];
}

export interface AgentSession {
  /**
   * Goes on until the next end. After an end, `told` opens the next stretch of the same conversation: what counts as
   * being stuck starts anew, turns do not. `change` holds from then on.
   */
  proceed(told?: string, change?: { readonly effort?: Effort }): Promise<SessionEnd>;
  turns(): number;
  digest(): SessionDigest;
}
