// What the stuck rules see of a conversation: calls and results as comparable values, turn by turn. Never thoughts.
import type { RuleName } from './thresholds.ts';

export interface CallRecord {
  readonly tool: string;
  /** Digest of the tool and its arguments, in whatever order they were given. */
  readonly call: string;
  /** Digest of the result without the times in it. Numbers are not blurred: a different failure is progress. */
  readonly result: string;
  /** `invalid`: unknown tool or wrong arguments, so nothing was run. */
  readonly kind: 'ok' | 'failed' | 'timed-out' | 'invalid';
  /** True when it is known to have changed files: a good edit, write or patch. */
  readonly changes: boolean;
  /** Files that it edits, as named by the call. */
  readonly edits: readonly string[];
  /** What it looked at: ranges of files, searches, commands that only show files. */
  readonly looks: readonly string[];
  /** Digest of what fails, when it failed; null otherwise. */
  readonly failure: string | null;
  /** Waits for a command that runs in the background, which is no repetition. */
  readonly waits: boolean;
}

export interface TurnRecord {
  /** Calls that were judged; those answered "not executed" are not among them. */
  readonly calls: readonly CallRecord[];
  /** Nothing of the reply could be run: it had no call, or was cut off. */
  readonly silent: 'no-call' | 'cut' | null;
}

/** A warning that was given after so many calls. `tree`: git tree of the files then, where it was asked for. */
export interface Nudge {
  readonly rule: RuleName;
  readonly about: string;
  readonly afterCalls: number;
  readonly tree: string | null;
}

/** One stretch of a conversation: from the last time that somebody told the agent to go on. */
export interface TurnHistory {
  readonly turns: readonly TurnRecord[];
  readonly nudges: readonly Nudge[];
}

/** What a rule found: how often what it counts has happened, compared with its row of the thresholds. */
export interface Sign {
  readonly rule: RuleName;
  /** What it is about: one warning is given for each. */
  readonly about: string;
  readonly count: number;
  /** For people: completes "The agent was stuck: ...". */
  readonly why: string;
  /** For the agent, when it is warned. */
  readonly advice: string;
}

/** A rule looks at the history when a turn has ended, and says what it counts; null when there is nothing to count. */
export type Rule = (history: TurnHistory) => Sign | null;

/** All calls of the stretch but waits, oldest first. */
export const callsOf = ({ turns }: TurnHistory): readonly CallRecord[] =>
  turns.flatMap(({ calls }) => calls.filter(({ waits }) => !waits));

/** For each call of the last turn, the calls up to and including it. */
export function endsOfLastTurn(history: TurnHistory): readonly (readonly CallRecord[])[] {
  const calls = callsOf(history);
  const fresh = history.turns.at(-1)?.calls.filter(({ waits }) => !waits).length ?? 0;
  return Array.from({ length: fresh }, (_, i) => calls.slice(0, calls.length - fresh + i + 1));
}

/** Equal calls that had equal results. */
export const isEqual = (a: CallRecord, b: CallRecord): boolean => a.call === b.call && a.result === b.result;

/** The sign with the highest count; null when there is none. */
export const strongest = (signs: readonly (Sign | null)[]): Sign | null =>
  signs.reduce((best, sign) => (sign !== null && (best === null || sign.count > best.count) ? sign : best), null);
