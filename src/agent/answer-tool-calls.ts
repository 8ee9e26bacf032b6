// Runs the tool calls of one reply: reads and searches together, everything that changes something in order.
import type { ToolResultBlock, ToolUseBlock } from '../messages.ts';
import type { Clock, Reporter, ToolCallOptions, ToolResult, Tree } from '../ports.ts';
import { readPlanInput } from './tools/plan.ts';

export interface ToolCallDeps {
  readonly tree: Tree;
  readonly options: ToolCallOptions;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

const READ_ONLY: ReadonlySet<string> = new Set(['read', 'search']);

/**
 * Answers every call but `finish`, in call order. An error result is an answer too; a tree whose process died throws.
 * @param agent task id, for the journal
 */
export async function answerToolCalls(
  calls: readonly ToolUseBlock[],
  agent: string,
  turn: number,
  deps: ToolCallDeps,
): Promise<readonly ToolResultBlock[]> {
  const results = new Map<string, Promise<ToolResultBlock>>();
  for (const call of calls) {
    if (READ_ONLY.has(call.name)) {
      results.set(call.id, answerOne(call, agent, turn, deps));
      continue;
    }
    await Promise.all(results.values());
    results.set(call.id, answerOne(call, agent, turn, deps));
    await results.get(call.id);
  }
  return Promise.all(results.values());
}

async function answerOne(
  call: ToolUseBlock,
  agent: string,
  turn: number,
  deps: ToolCallDeps,
): Promise<ToolResultBlock> {
  const startedAt = deps.clock.now();
  const result = call.name === 'plan' ? notePlan(call, agent, deps) : await onTree(call, deps);
  return reportAnswer(call, result, { agent, turn, startedAt }, deps);
}

/** The answer to a call as the model gets it, told to the run: what `finish` was answered belongs there, too. */
export function reportAnswer(
  call: ToolUseBlock,
  { content, isError }: ToolResult,
  asked: { readonly agent: string; readonly turn: number; readonly startedAt: number },
  { clock, reporter }: Pick<ToolCallDeps, 'clock' | 'reporter'>,
): ToolResultBlock {
  const { agent, turn, startedAt } = asked;
  const { id: toolUseId, name: tool, input } = call;
  const durationMs = clock.now() - startedAt;
  reporter.emit({ type: 'tool.ended', agent, turn, toolUseId, tool, input, content, isError, durationMs });
  return { type: 'tool_result', toolUseId, content, isError };
}

const onTree = (call: ToolUseBlock, deps: ToolCallDeps): Promise<ToolResult> =>
  deps.tree.call(call.name, call.input, deps.options);

function notePlan(call: ToolUseBlock, agent: string, deps: ToolCallDeps): ToolResult {
  const parsed = readPlanInput(call.input);
  if (!parsed.ok) return { content: parsed.message, isError: true };
  deps.reporter.emit({ type: 'agent.steps', agent, items: parsed.value.items });
  return { content: 'Noted.', isError: false };
}
