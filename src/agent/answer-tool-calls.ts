// Runs the tool calls of one reply: reads and searches together, everything that changes something in order.
import type { ToolResultBlock, ToolUseBlock } from '../messages.ts';
import type { ToolResult } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import { readPlanInput } from './tools/plan.ts';

/** A call with its answer; `ran` is false where the answer is that it was not executed. */
export interface AnsweredCall {
  readonly call: ToolUseBlock;
  readonly result: ToolResultBlock;
  readonly ran: boolean;
}

const READ_ONLY: ReadonlySet<string> = new Set(['read', 'search']);
const EDITING: ReadonlySet<string> = new Set(['edit', 'apply_patch', 'write']);
const MUTATING: ReadonlySet<string> = new Set([...EDITING, 'bash']);

/**
 * Answers every call but `finish`, in call order. After a failed edit the later calls that change something are answered
 * unrun: they were written for files that are not so. An error result is an answer too; a tree whose process died throws.
 */
export async function answerToolCalls(
  calls: readonly ToolUseBlock[],
  talk: Conversation,
): Promise<readonly AnsweredCall[]> {
  const answers: Promise<AnsweredCall>[] = [];
  let failed: ToolUseBlock | null = null;
  for (const call of calls) {
    if (READ_ONLY.has(call.name)) {
      answers.push(answerOne(call, talk));
      continue;
    }
    await Promise.all(answers);
    const answer = failed !== null && MUTATING.has(call.name) ? leaveOut(call, failed, talk) : answerOne(call, talk);
    answers.push(answer);
    if ((await answer).result.isError && EDITING.has(call.name)) failed ??= call;
  }
  return Promise.all(answers);
}

/** The first call of which the result speaks against being done: an edit that failed, a command that did not exit 0. */
export const firstFailure = (answered: readonly AnsweredCall[]): ToolUseBlock | null =>
  answered.find(({ call, result }) => MUTATING.has(call.name) && (result.isError || hasFailed(call, result)))?.call ??
  null;

/** `bash` heads its results with the exit code; one that is not 0 is no error of the call, but nothing is done with it. */
const hasFailed = ({ name }: ToolUseBlock, { content }: ToolResultBlock): boolean =>
  name === 'bash' && /^exit code (?!0\b)/.test(content);

/** The answer to a call as the model gets it, told to the run: what `finish` was answered belongs there, too. */
export function reportAnswer(
  { id: toolUseId, name: tool, input }: ToolUseBlock,
  { content, isError, call }: ToolResult,
  startedAt: number,
  { input: { agent }, turn, deps }: Conversation,
): ToolResultBlock {
  const durationMs = deps.clock.now() - startedAt;
  const redact = deps.redact ?? unchanged;
  // The journal gets what came, and redacts it itself: who watches it must see what was there.
  const told = redact(content) === content ? content : `${content}\n\n${HIDDEN_TEXT}`;
  const numbered = call === undefined ? {} : { call };
  deps.reporter.emit({
    type: 'tool.ended',
    agent,
    turn,
    ...numbered,
    toolUseId,
    tool,
    input,
    content: told,
    isError,
    durationMs,
  });
  return { type: 'tool_result', toolUseId, content: redact(told), isError };
}

const unchanged = (text: string): string => text;

const HIDDEN_TEXT =
  '(Where this shows `***`, the program has left out what looks like a credential. The files still have it: never write `***` in its place, and leave such lines as they are.)';

export const refusal = (content: string): ToolResult => ({ content, isError: true });

async function answerOne(call: ToolUseBlock, talk: Conversation): Promise<AnsweredCall> {
  const startedAt = talk.deps.clock.now();
  return { call, result: reportAnswer(call, await resultOf(call, talk), startedAt, talk), ran: true };
}

function resultOf(call: ToolUseBlock, talk: Conversation): ToolResult | Promise<ToolResult> {
  const names = talk.tools.map(({ name }) => name);
  if (!names.includes(call.name)) return refusal(`There is no tool \`${call.name}\`. There are: ${names.join(', ')}.`);
  if (call.name === 'plan') return notePlan(call, talk);
  return talk.input.tree.call(call.name, call.input, talk.input.toolOptions);
}

function leaveOut(call: ToolUseBlock, failed: ToolUseBlock, talk: Conversation): Promise<AnsweredCall> {
  const why = `Not executed: the \`${failed.name}\` before it in the same reply failed. Mend that first, then send this again if it still fits.`;
  const result = reportAnswer(call, refusal(why), talk.deps.clock.now(), talk);
  return Promise.resolve({ call, result, ran: false });
}

function notePlan({ input }: ToolUseBlock, talk: Conversation): ToolResult {
  const parsed = readPlanInput(input);
  if (!parsed.ok) return refusal(parsed.message);
  talk.deps.reporter.emit({ type: 'agent.steps', agent: talk.input.agent, items: parsed.value.items });
  return { content: 'Noted.', isError: false };
}
