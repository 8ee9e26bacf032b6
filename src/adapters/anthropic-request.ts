// Our request in the words of Anthropic's Messages API, with cache marks where later requests will look for them.
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  OutputConfig,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { ContentBlock } from '../messages.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { ModelRequest } from '../ports.ts';

const cacheMark = { cache_control: { type: 'ephemeral' } } as const;

/**
 * The body to send. At most four cache marks, all for five minutes: end of the system prompt (tools stand before it), end
 * of the prefix that all agents share, where the previous request ended, and the end of this one. The third makes the
 * cache hit certain: from the last mark alone the service looks back 20 blocks, and a turn can bring more.
 * Sampling parameters are never sent: API version 2026-10-21 refuses them.
 */
export function requestBody(request: ModelRequest, model: ModelPrice): MessageCreateParamsStreaming {
  const outputConfig = outputConfigOf(request, model);
  return {
    model: request.model,
    max_tokens: Math.min(request.maxTokens, model.maxOutputTokens),
    stream: true,
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
    ...(request.tools.length > 0 && request.toolChoice === 'none' ? { tool_choice: { type: 'none' } } : {}),
    ...(request.system === '' ? {} : { system: [{ type: 'text', text: request.system, ...cacheMark }] }),
    messages: messagesOf(request, model),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
  };
}

function toTool({ name, description, inputSchema }: ModelRequest['tools'][number]): Tool {
  return { name, description, input_schema: { ...inputSchema, type: 'object' } };
}

function outputConfigOf({ outputSchema, effort }: ModelRequest, model: ModelPrice): OutputConfig {
  const format = outputSchema !== null && model.supportsOutputSchema;
  return {
    ...(model.supportsEffort ? { effort } : {}),
    ...(format ? { format: { type: 'json_schema', schema: { ...outputSchema } } } : {}),
  };
}

function messagesOf(request: ModelRequest, model: ModelPrice): MessageParam[] {
  const marked = markedMessages(request);
  const last = request.messages.length - 1;
  const schemaInWords = request.outputSchema !== null && !model.supportsOutputSchema;
  const messages = request.messages.map(({ role, content }, index) => {
    const blocks = content.flatMap(toBlock);
    if (schemaInWords && index === last) blocks.push({ type: 'text', text: schemaText(request.outputSchema) });
    return { role, content: marked.has(index) ? markLast(blocks) : blocks };
  });
  return messages.reduce<Turn[]>(joinTurns, []);
}

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlockParam[];
}

/** Messages of one side in a row are one turn, as the service takes them: roles alternate on the wire. */
function joinTurns(turns: readonly Turn[], message: Turn): Turn[] {
  const before = turns.at(-1);
  if (before?.role !== message.role) return [...turns, message];
  return [...turns.slice(0, -1), { role: before.role, content: [...before.content, ...message.content] }];
}

function markedMessages({ messages, sharedPrefixMessages }: ModelRequest): ReadonlySet<number> {
  const last = messages.length - 1;
  const lastReply = messages.findLastIndex(({ role }) => role === 'assistant');
  return new Set([sharedPrefixMessages, lastReply - 1, last].filter((index) => index >= 0 && index <= last));
}

function markLast(blocks: readonly ContentBlockParam[]): ContentBlockParam[] {
  const last = blocks.at(-1);
  if (last === undefined || !canBeMarked(last)) return [...blocks];
  return [...blocks.slice(0, -1), { ...last, ...cacheMark }];
}

type Markable = Extract<ContentBlockParam, { type: 'text' | 'tool_use' | 'tool_result' }>;

const canBeMarked = (block: ContentBlockParam): block is Markable =>
  block.type === 'text' || block.type === 'tool_use' || block.type === 'tool_result';

/** Empty text is left out, since the service refuses a request that has any. */
function toBlock(block: ContentBlock): ContentBlockParam[] {
  switch (block.type) {
    case 'text':
      return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text }];
    case 'tool_use':
      return [{ type: 'tool_use', id: block.id, name: block.name, input: block.input }];
    case 'tool_result': {
      const { toolUseId, content, isError } = block;
      const body = content.trim() === '' ? {} : { content };
      return [{ type: 'tool_result', tool_use_id: toolUseId, ...body, ...(isError ? { is_error: true } : {}) }];
    }
    case 'opaque':
      return isBlock(block.raw) ? [block.raw] : [];
  }
}

/** Opaque blocks were received as blocks (see anthropic-reply.ts) and go back as they came. */
function isBlock(raw: unknown): raw is ContentBlockParam {
  return typeof raw === 'object' && raw !== null && 'type' in raw && typeof raw.type === 'string';
}

const schemaText = (schema: unknown): string =>
  `Answer with one JSON object and nothing else. It must fit this JSON schema:\n${JSON.stringify(schema)}`;
