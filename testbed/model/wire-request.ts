// The shape of a request to the Messages API, as far as a coding agent uses it. Unknown fields are refused, as there.
import { z } from 'zod';

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() });
const marked = { cache_control: cacheControl.nullish() };

const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  citations: z.null().optional(),
  ...marked,
});
const block = z.discriminatedUnion('type', [
  textBlock,
  z.strictObject({
    type: z.literal('tool_use'),
    id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
    ...marked,
  }),
  z.strictObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.union([z.string(), z.array(textBlock)]).optional(),
    is_error: z.boolean().optional(),
    ...marked,
  }),
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
]);

const asBlocks = (value: unknown): unknown => (typeof value === 'string' ? [{ type: 'text', text: value }] : value);

const tool = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  strict: z.boolean().optional(),
  ...marked,
});

const prompt = {
  model: z.string().min(1),
  messages: z.array(
    z.strictObject({ role: z.enum(['user', 'assistant']), content: z.preprocess(asBlocks, z.array(block)) }),
  ),
  system: z.preprocess(asBlocks, z.array(textBlock)).optional(),
  tools: z.array(tool).optional(),
  tool_choice: z
    .strictObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().optional(),
    })
    .optional(),
  thinking: z
    .looseObject({
      type: z.enum(['adaptive', 'enabled', 'disabled', 'between_tools']),
      block_binding: z.strictObject({ prefix_mismatch_behavior: z.enum(['error', 'drop_block']).nullish() }).nullish(),
    })
    .optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .optional(),
  ...marked,
};

/** Body of `POST /v1/messages/count_tokens`. */
export const countRequestShape = z.strictObject(prompt);

/** Body of `POST /v1/messages`. */
export const messageRequestShape = z.strictObject({
  ...prompt,
  max_tokens: z.int().min(1),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
});

export type WirePrompt = z.output<typeof countRequestShape>;
export type WireRequest = z.output<typeof messageRequestShape>;
export type WireMessage = WirePrompt['messages'][number];
export type WireBlock = WireMessage['content'][number];

/** The first problem in the words of the service: `messages.0.role: ...`, `foo: Extra inputs are not permitted`. */
export function describeShapeError(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'the request is not readable';
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `${[...issue.path, issue.keys[0] ?? ''].join('.')}: Extra inputs are not permitted`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${at}: Field required`;
  return `${at}: ${issue.message}`;
}
