// Deterministic rules that tell when an agent repeats itself. They compare calls and results, never thoughts.
import type { ToolResultBlock, ToolUseBlock } from '../messages.ts';

/** One answered call; `treeChanged` tells whether anything was edited, written or run in the same turn. */
export interface AnsweredCall {
  readonly signature: string;
  readonly isError: boolean;
}

/** Repeats of one call with one result before the agent is told, and before it is stopped. */
export const REPEATS = { nudge: 3, stop: 5 } as const;

/** Call and result as one comparable text. Numbers are not blurred: a different failure is progress. */
export function signatureOf(call: ToolUseBlock, result: ToolResultBlock): AnsweredCall {
  const signature = `${call.name} ${JSON.stringify(call.input)} => ${withoutDuration(result.content)}`;
  return { signature, isError: result.isError };
}

/** How often the latest call with the same result ends the history without another call between. */
export function repeatsAtEnd(history: readonly AnsweredCall[]): number {
  const last = history.at(-1);
  let count = 0;
  for (let i = history.length - 1; i >= 0 && history[i]?.signature === last?.signature; i--) count++;
  return count;
}

// A command's result says how long it took, which differs from run to run.
const withoutDuration = (text: string): string => text.replace(/\b\d+(\.\d+)? ?m?s\b/g, '');
