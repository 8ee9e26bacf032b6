// Our request in the words of chat completions, as far as the server takes them.
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionFunctionTool,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ModelPrice } from '../money/model-table.ts';
import type { ModelRequest } from '../ports.ts';
import type { Dialect } from './openai-dialect.ts';
import { chatMessages } from './openai-messages.ts';

export interface RequestFrame {
  readonly model: ModelPrice;
  readonly dialect: Dialect;
  /** Requests of one run with the same key are sent to where their common prefix is cached. */
  readonly cacheKey: string | null;
}

/** The body to send. Sampling parameters are never sent: reasoning models refuse them. */
export function chatBody(request: ModelRequest, frame: RequestFrame): ChatCompletionCreateParamsStreaming {
  const { model, dialect, cacheKey } = frame;
  const tools = toolsOf(request, dialect);
  return {
    model: request.model,
    stream: true,
    ...(dialect.reportsUsage ? { stream_options: { include_usage: true } } : {}),
    [dialect.maxTokensField]: maxTokensOf(request, frame),
    messages: messagesOf(request, dialect),
    ...(tools.length === 0 ? {} : { tools }),
    ...(tools.length > 0 && request.toolChoice === 'none' ? { tool_choice: 'none' as const } : {}),
    ...effortOf(request, model, dialect, tools.length > 0),
    ...formatOf(request, dialect),
    ...(dialect.cacheKey && cacheKey !== null ? { prompt_cache_key: cacheKey } : {}),
  };
}

/** What each try can have as output. */
export const maxTokensOf = (request: ModelRequest, { model, dialect }: RequestFrame): number =>
  Math.min(request.maxTokens, model.maxOutputTokens, dialect.maxOutputTokens);

/**
 * A plain answer is asked for without tools where the model would otherwise not think, or may not heed `tool_choice`. A
 * history with calls needs its tools.
 */
function toolsOf({ tools, toolChoice, messages }: ModelRequest, dialect: Dialect): ChatCompletionFunctionTool[] {
  const mayLeaveOut = dialect.effort === 'none-with-tools' || !dialect.heedsToolChoice;
  const hasCalls = messages.some(({ content }) => content.some(({ type }) => type === 'tool_use'));
  if (toolChoice === 'none' && mayLeaveOut && !hasCalls) return [];
  return tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: { ...inputSchema } },
  }));
}

function effortOf(
  { effort }: ModelRequest,
  { supportsEffort }: ModelPrice,
  dialect: Dialect,
  hasTools: boolean,
): Pick<ChatCompletionCreateParamsStreaming, 'reasoning_effort'> {
  if (hasTools && dialect.effort === 'none-with-tools') return { reasoning_effort: 'none' };
  return supportsEffort && dialect.effort !== 'unsaid' ? { reasoning_effort: effort } : {};
}

function formatOf(
  { outputSchema }: ModelRequest,
  { schema }: Dialect,
): Pick<ChatCompletionCreateParamsStreaming, 'response_format'> {
  if (outputSchema === null || schema === 'words') return {};
  if (schema === 'json_object') return { response_format: { type: 'json_object' } };
  const json_schema = { name: 'reply', strict: true, schema: { ...outputSchema } };
  return { response_format: { type: 'json_schema', json_schema } };
}

function messagesOf({ system, messages, outputSchema }: ModelRequest, { schema }: Dialect) {
  const sent = chatMessages(system, messages);
  if (outputSchema === null || schema === 'json_schema') return sent;
  const words: ChatCompletionMessageParam = { role: 'user', content: schemaText(outputSchema) };
  const last = sent.at(-1);
  if (last?.role !== 'user' || typeof last.content !== 'string') return [...sent, words];
  return [...sent.slice(0, -1), { ...last, content: `${last.content}\n\n${words.content}` }];
}

const schemaText = (schema: unknown): string =>
  `Answer with one JSON object and nothing else. It must fit this JSON schema:\n${JSON.stringify(schema)}`;
