// A conversation in the words of chat completions.
import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ContentBlock, Message, ToolResultBlock, ToolUseBlock } from '../messages.ts';

/**
 * System prompt, then turns. Tool results come right after their calls and in call order, words of the user after them.
 * Texts of one side in a row are one message, since templates of many local models take only alternating roles; what
 * follows is appended, so the prefix of tokens stays the same.
 * Blocks that only another provider can read are left out.
 */
export function chatMessages(system: string, messages: readonly Message[]): ChatCompletionMessageParam[] {
  const start: ChatCompletionMessageParam[] = system === '' ? [] : [{ role: 'system', content: system }];
  return joinedTurns(messages).reduce(
    (sent, turn) => [...sent, ...(turn.role === 'assistant' ? ofAssistant(turn) : ofUser(turn, sent.at(-1)))],
    start,
  );
}

function joinedTurns(messages: readonly Message[]): readonly Message[] {
  return messages.reduce<readonly Message[]>((turns, message) => {
    const before = turns.at(-1);
    if (before?.role !== message.role) return [...turns, message];
    return [...turns.slice(0, -1), { role: message.role, content: [...before.content, ...message.content] }];
  }, []);
}

const textOf = (content: readonly ContentBlock[]): string =>
  content.flatMap((block) => (block.type === 'text' && block.text.trim() !== '' ? block.text : [])).join('\n\n');

function ofAssistant({ content }: Message): ChatCompletionAssistantMessageParam[] {
  const calls = content.filter((block) => block.type === 'tool_use').map(toCall);
  const text = textOf(content);
  if (calls.length === 0) return text === '' ? [] : [{ role: 'assistant', content: text }];
  return [{ role: 'assistant', content: text === '' ? null : text, tool_calls: calls }];
}

const toCall = ({ id, name, input }: ToolUseBlock): ChatCompletionMessageFunctionToolCall => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(input) },
});

function ofUser({ content }: Message, before: ChatCompletionMessageParam | undefined): ChatCompletionMessageParam[] {
  const asked = before?.role === 'assistant' ? (before.tool_calls ?? []).map(({ id }) => id) : [];
  const results = content.filter((block) => block.type === 'tool_result');
  const inOrder = results.toSorted((a, b) => asked.indexOf(a.toolUseId) - asked.indexOf(b.toolUseId));
  const text = textOf(content);
  return [...inOrder.map(toToolMessage), ...(text === '' ? [] : [{ role: 'user' as const, content: text }])];
}

/** The protocol has no mark for failed calls, so the text has. */
const toToolMessage = ({ toolUseId, content, isError }: ToolResultBlock): ChatCompletionMessageParam => ({
  role: 'tool',
  tool_call_id: toolUseId,
  content: isError ? `Error: ${content}` : content,
});
