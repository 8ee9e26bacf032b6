// Every number of the stuck rules, in one place. Nothing here computes.

export interface Threshold {
  /** Count at which the agent is told, once for each thing it is about; null: each time is answered with an error anyway. */
  readonly nudge: number | null;
  /** Count at which the stretch ends, the work kept. */
  readonly stop: number;
}

/**
 * What is counted, by rule. The figures lie between those of the detectors of OpenHands (4 equal steps, 3 equal
 * errors, 6 alternations), Gemini CLI (5 equal calls) and mini-swe-agent (3 format errors), with a warning before each
 * stop: https://github.com/OpenHands/software-agent-sdk, https://github.com/google-gemini/gemini-cli,
 * https://github.com/SWE-agent/mini-swe-agent.
 */
export const thresholds = {
  /** Equal calls with equal results, nothing changed between. */
  'same-call': { nudge: 3, stop: 5 },
  /** Equal calls that fail in the same way, whatever was changed between. */
  'same-failure': { nudge: 3, stop: 4 },
  /** Rounds of the same two to five calls with the same results. */
  'call-cycle': { nudge: 3, stop: 5 },
  /** Windows of calls that nearly all failed; the second begins after the warning. */
  'failing-calls': { nudge: 1, stop: 2 },
  /** Failed edits of one file since its last good one. */
  'edit-failures': { nudge: 3, stop: 5 },
  /** Replies in a row of which nothing could be run: no call, or cut off. */
  'silent-reply': { nudge: 1, stop: 3 },
  /** Replies in a row with nothing but unknown tools and invalid arguments. */
  'invalid-call': { nudge: null, stop: 3 },
  /** Commands in a row that met their time limit. */
  timeouts: { nudge: 2, stop: 3 },
  /** Turns without a change, a new look at a file, or a new set of failures. */
  'no-progress': { nudge: 12, stop: 20 },
  /** Times that the very same change was made. */
  'restored-change': { nudge: 2, stop: 3 },
} as const satisfies Record<string, Threshold>;

export type RuleName = keyof typeof thresholds;

/** Calls in a window of `failing-calls`, and how many of them must have failed. */
export const FAILING_WINDOW = { calls: 6, failures: 5 } as const;

/** Lengths of the cycles that are looked for. */
export const CYCLE_LENGTHS = [2, 3, 4, 5] as const;

/** A piece of text that comes so often, and so densely (mean distance of its beginnings), is a loop of the model. */
export const REPEATED_CHUNK = { characters: 50, times: 10, meanGap: 250 } as const;
