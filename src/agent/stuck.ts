// Deterministic rules that tell when an agent repeats itself. They compare calls and results, never thoughts.
import type { ToolUseBlock } from '../messages.ts';
import type { ToolResult } from '../ports.ts';

/** Repeats of one call with one result before the agent is told, and before it is stopped. */
export const REPEATS = { nudge: 3, stop: 5 } as const;

/** Call and result as one comparable text. Numbers are not blurred: a different failure is progress. */
export const signatureOf = (call: ToolUseBlock, result: ToolResult): string =>
  `${call.name} ${JSON.stringify(call.input)} => ${withoutDuration(result.content)}`;

/** How often the latest call with the same result ends the history without another call between. */
export function repeatsAtEnd(history: readonly string[]): number {
  const last = history.at(-1);
  const other = history.findLastIndex((signature) => signature !== last);
  return history.length - 1 - other;
}

// A command's result says how long it took, which differs from run to run.
const withoutDuration = (text: string): string => text.replace(/\b\d+(\.\d+)? ?m?s\b/g, '');
