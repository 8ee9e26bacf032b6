// Refusals that concern the conversation: tool calls and their answers, order of roles.
import type { Flavour } from './flavours.ts';
import { invalid, type ChatError } from './chat-error.ts';
import type { ChatMessage } from './wire-chat.ts';

/** The first thing wrong with the messages, in the words of the service; null when they are right. */
export function faultInChat(messages: readonly ChatMessage[], { strictTemplate }: Flavour): ChatError | null {
  return faultInAnswers(messages) ?? (strictTemplate ? faultForTemplate(messages) : null);
}

function faultInAnswers(messages: readonly ChatMessage[]): ChatError | null {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!open.includes(message.tool_call_id)) return orphan(index);
      open = open.filter((id) => id !== message.tool_call_id);
      continue;
    }
    if (open.length > 0) return unanswered(open);
    open = message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [];
    if (new Set(open).size !== open.length) return invalid(`Duplicate tool call id in messages[${index}].`, 'messages');
  }
  return open.length === 0 ? null : unanswered(open);
}

const orphan = (index: number): ChatError =>
  invalid(
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    `messages.[${index}].role`,
  );

const unanswered = (ids: readonly string[]): ChatError =>
  invalid(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    'messages',
  );

/** What the templates of local models throw. */
function faultForTemplate(messages: readonly ChatMessage[]): ChatError | null {
  const turns = messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  if (turns.some(({ role }, index) => role === turns[index - 1]?.role && role !== 'tool'))
    return badRequest('Conversation roles must alternate user/assistant/user/assistant/...');
  const calls = turns.flatMap((turn) => (turn.role === 'assistant' ? (turn.tool_calls ?? []) : []));
  return calls.every(({ function: called }) => isObject(called.arguments))
    ? null
    : badRequest('Can only get item pairs from a mapping.');
}

const badRequest = (message: string): ChatError => ({ ...invalid(message), type: 'BadRequestError' });

function isObject(json: string): boolean {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
