// The shape of a request for a chat completion, as far as a coding agent uses it.
import { z } from 'zod';

const part = z.looseObject({ type: z.literal('text'), text: z.string() });
const textOfParts = z
  .union([z.string(), z.array(part)])
  .transform((value) => (typeof value === 'string' ? value : value.map(({ text }) => text).join('')));

const call = z.object({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: textOfParts }),
  z.object({ role: z.literal('user'), content: textOfParts }),
  z.object({
    role: z.literal('assistant'),
    content: textOfParts.nullish(),
    tool_calls: z.array(call).min(1).optional(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: textOfParts }),
]);

const tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().optional(),
    parameters: z.looseObject({}).optional(),
    strict: z.boolean().nullish(),
  }),
});

const format = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
      strict: z.boolean().nullish(),
      schema: z.record(z.string(), z.unknown()),
    }),
  }),
]);

/** Body of `POST /v1/chat/completions`. */
export const chatRequestShape = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  tools: z.array(tool).min(1).optional(),
  tool_choice: z.union([z.enum(['auto', 'none', 'required']), z.looseObject({})]).optional(),
  response_format: format.optional(),
  reasoning_effort: z.string().nullish(),
  prompt_cache_key: z.string().max(64).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
});

/** Fields that the strict server knows; those above, and no other is needed here. */
export const KNOWN_FIELDS: ReadonlySet<string> = new Set(Object.keys(chatRequestShape.shape));

export type ChatRequest = z.output<typeof chatRequestShape>;
export type ChatMessage = ChatRequest['messages'][number];
