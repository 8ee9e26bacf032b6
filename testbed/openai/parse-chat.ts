// A chat request as a script sees it: the same view as of the other provider, so that one script serves both.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ParsedRequest } from '../model/parse-request.ts';
import type { ChatMessage, ChatRequest } from './wire-chat.ts';

/** Reads a request that was judged to be right. */
export function parseChat(request: ChatRequest): ParsedRequest {
  const messages = request.messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  const firstReply = messages.findIndex(({ role }) => role === 'assistant');
  const opening = textOf(firstReply === -1 ? messages : messages.slice(0, firstReply));
  const lastReply = messages.findLastIndex(({ role }) => role === 'assistant');
  const last = messages.slice(lastReply + 1);
  return {
    model: request.model,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? 0,
    stream: request.stream ?? false,
    system: textOf(request.messages.filter(({ role }) => role === 'system' || role === 'developer')),
    toolNames: (request.tools ?? []).map((tool) => tool.function.name),
    toolChoice: typeof request.tool_choice === 'string' ? request.tool_choice : null,
    effort: request.reasoning_effort ?? null,
    outputSchema: schemaOf(request, textOf(messages.slice(-1))),
    conversation: createHash('sha256').update(opening).digest('hex').slice(0, 12),
    turn: messages.filter(({ role }) => role === 'assistant').length,
    openingText: opening,
    ownText: opening,
    lastText: textOf(last),
    lastResults: last.flatMap((message) => (message.role === 'tool' ? [resultOf(message)] : [])),
  };
}

const textOf = (messages: readonly ChatMessage[]): string =>
  messages.flatMap(({ content }) => content ?? []).join('\n');

/** There is no mark for failed calls in this protocol, only words. */
const resultOf = ({ tool_call_id, content }: Extract<ChatMessage, { role: 'tool' }>) => ({
  toolUseId: tool_call_id,
  content,
  isError: content.startsWith('Error'),
});

/** As a field; else, as one line of JSON at the end of what the user says. */
function schemaOf({ response_format: format }: ChatRequest, lastText: string): ParsedRequest['outputSchema'] {
  if (format?.type === 'json_schema') return format.json_schema.schema;
  return readSchema(lastText.slice(lastText.lastIndexOf('\n') + 1));
}

function readSchema(line: string): ParsedRequest['outputSchema'] {
  try {
    return z.looseObject({ type: z.literal('object') }).safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
