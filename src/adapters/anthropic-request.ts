// Our request in the words of Anthropic's Messages API, with cache marks where later requests will look for them.
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  OutputConfig,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { ContentBlock, Message } from '../messages.ts';
import type { ModelPrice } from '../money/model-table.ts';
import type { ModelRequest } from '../ports.ts';

const cacheMark = { cache_control: { type: 'ephemeral' } } as const;

/**
 * The body to send. At most four cache marks, all for five minutes: end of the system prompt (tools stand before it), end
 * of the prefix that all agents share, where the previous request ended, and the end of this one. The third makes the
 * cache hit certain: the previous request wrote its entry at that very block, while from the last mark alone the service
 * looks back 20 blocks, and a turn with many calls brings more.
 * Never sent, as current models refuse them: sampling parameters, a forced tool, a thinking mode, a prefilled reply.
 */
export function requestBody(request: ModelRequest, model: ModelPrice): MessageCreateParamsStreaming {
  const outputConfig = outputConfigOf(request, model);
  return {
    model: request.model,
    max_tokens: Math.min(request.maxTokens, model.maxOutputTokens),
    stream: true,
    ...(request.tools.length === 0 ? {} : { tools: toolsOf(request.tools) }),
    ...(request.tools.length > 0 && request.toolChoice === 'none' ? { tool_choice: { type: 'none' } } : {}),
    ...(request.system === '' ? {} : { system: [{ type: 'text', text: request.system, ...cacheMark }] }),
    messages: messagesOf(request, model),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
  };
}

/** Tools are one list for a whole run and messages never change, so each is translated once, not in every turn. */
const toolsSent = new WeakMap<ModelRequest['tools'], Tool[]>();
const blocksSent = new WeakMap<Message['content'], readonly ContentBlockParam[]>();

function toolsOf(tools: ModelRequest['tools']): Tool[] {
  const known = toolsSent.get(tools);
  if (known !== undefined) return known;
  const made = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' as const },
  }));
  toolsSent.set(tools, made);
  return made;
}

function blocksOf({ content }: Message): readonly ContentBlockParam[] {
  const known = blocksSent.get(content);
  if (known !== undefined) return known;
  const made = content.flatMap(toBlock);
  blocksSent.set(content, made);
  return made;
}

function outputConfigOf({ outputSchema, effort }: ModelRequest, model: ModelPrice): OutputConfig {
  const format = outputSchema !== null && model.supportsOutputSchema;
  return {
    ...(model.supportsEffort ? { effort } : {}),
    ...(format ? { format: { type: 'json_schema', schema: { ...outputSchema } } } : {}),
  };
}

/** Messages of one side in a row are one turn, as the service takes them: roles alternate on the wire. */
function messagesOf(request: ModelRequest, model: ModelPrice): MessageParam[] {
  const marked = markedMessages(request);
  const last = request.messages.length - 1;
  const schemaInWords = request.outputSchema !== null && !model.supportsOutputSchema;
  const turns: { readonly role: Message['role']; readonly content: ContentBlockParam[] }[] = [];
  for (const [index, message] of request.messages.entries()) {
    let blocks = blocksOf(message);
    if (schemaInWords && index === last) blocks = [...blocks, { type: 'text', text: schemaText(request.outputSchema) }];
    if (marked.has(index)) blocks = markLast(blocks);
    const turn = turns.at(-1);
    if (turn?.role === message.role) turn.content.push(...blocks);
    else turns.push({ role: message.role, content: [...blocks] });
  }
  return turns;
}

function markedMessages({ messages, sharedPrefixMessages }: ModelRequest): ReadonlySet<number> {
  const last = messages.length - 1;
  const lastReply = messages.findLastIndex(({ role }) => role === 'assistant');
  return new Set([sharedPrefixMessages, lastReply - 1, last].filter((index) => index >= 0 && index <= last));
}

function markLast(blocks: readonly ContentBlockParam[]): readonly ContentBlockParam[] {
  const last = blocks.at(-1);
  return last === undefined || !canBeMarked(last) ? blocks : [...blocks.slice(0, -1), { ...last, ...cacheMark }];
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

/** Opaque blocks were received as blocks (see anthropic-reply.ts) and go back as they came, empty ones too. */
function isBlock(raw: unknown): raw is ContentBlockParam {
  return typeof raw === 'object' && raw !== null && 'type' in raw && typeof raw.type === 'string';
}

const schemaText = (schema: unknown): string =>
  `Answer with one JSON object and nothing else. It must fit this JSON schema:\n${JSON.stringify(schema)}`;
