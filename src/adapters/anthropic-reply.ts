// Gathers a streamed reply, event by event, and counts what it was billed for.
import * as z from 'zod';
import type { ContentBlock, StopReason } from '../messages.ts';
import type { BilledTokens } from '../money/price-usage.ts';

/** A server-sent event as it came off the wire. */
export interface RawEvent {
  readonly event: string | null;
  readonly data: string;
}

/** An `error` event in the stream, or an event that makes no sense (`type` is then null). */
export class StreamError extends Error {
  readonly type: string | null;

  constructor(type: string | null, message: string) {
    super(message);
    this.name = 'StreamError';
    this.type = type;
  }
}

/**
 * Key under which a tool call's input is carried when it is no JSON object (cut off, or malformed): the input is then
 * `{ __invalid_json: "<the text>" }`. No tool takes such a key, so its own input check answers with an error, and it is
 * an object, so it can be sent back in the history.
 */
export const INVALID_JSON_KEY = '__invalid_json';

const count = z.number().int().nonnegative();
const usage = z.looseObject({
  input_tokens: count.nullish(),
  output_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
  cache_creation: z.looseObject({ ephemeral_1h_input_tokens: count.nullish() }).nullish(),
});
type WireUsage = z.output<typeof usage>;

const typed = z.looseObject({ type: z.string() });
const knownEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('message_start'), message: z.looseObject({ usage }) }),
  z.looseObject({ type: z.literal('content_block_start'), index: count, content_block: typed }),
  z.looseObject({ type: z.literal('content_block_delta'), index: count, delta: typed }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z.looseObject({ stop_reason: z.string().nullish() }),
    usage,
  }),
  z.looseObject({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.literal('error'), error: z.looseObject({ type: z.string(), message: z.string() }) }),
]);
type KnownEvent = z.output<typeof knownEvent>;
const KNOWN = new Set<string>(knownEvent.options.map((option) => option.shape.type.value));

interface DraftBlock {
  readonly fields: Record<string, unknown>;
  json: string;
}

export interface ReplyDraft {
  /** @throws StreamError for an `error` event and for what cannot be read */
  add(event: RawEvent): void;
  /** `message_stop` has come: nothing is missing. */
  isComplete(): boolean;
  /** The service has begun to answer, so the input is billed. */
  hasBegun(): boolean;
  content(): readonly ContentBlock[];
  stopReason(): StopReason;
  /** What is billed; output that was never reported counts as `outputIfUnknown`. */
  tokens(outputIfUnknown: number): BilledTokens;
}

/** An empty reply, to be filled. Pings and kinds of events that we do not know change nothing. */
export function startReply(): ReplyDraft {
  const blocks = new Map<number, DraftBlock>();
  let input: WireUsage | null = null;
  let outputTokens: number | null = null;
  let stopReason: string | null = null;
  let complete = false;

  const apply = (event: KnownEvent): void => {
    switch (event.type) {
      case 'message_start':
        input = event.message.usage;
        return;
      case 'content_block_start':
        blocks.set(event.index, { fields: { ...event.content_block }, json: '' });
        return;
      case 'content_block_delta':
        extend(blocks.get(event.index), event.delta);
        return;
      case 'message_delta':
        input = withReported(input ?? {}, event.usage);
        outputTokens = event.usage.output_tokens ?? outputTokens;
        stopReason = event.delta.stop_reason ?? stopReason;
        return;
      case 'message_stop':
        complete = true;
        return;
      case 'error':
        throw new StreamError(event.error.type, event.error.message);
    }
  };

  return {
    add: (event) => {
      const parsed = parseEvent(event);
      if (parsed !== null) apply(parsed);
    },
    isComplete: () => complete,
    hasBegun: () => input !== null,
    content: () => [...blocks.values()].flatMap(toContent),
    stopReason: () => stopReasonOf(stopReason),
    tokens: (outputIfUnknown) => billed(input ?? {}, outputTokens ?? outputIfUnknown),
  };
}

function parseEvent({ event, data }: RawEvent): KnownEvent | null {
  if (event === 'ping' || data === '') return null;
  const json = parseJson(data);
  const type = typed.safeParse(json).data?.type;
  if (type !== undefined && !KNOWN.has(type)) return null;
  const parsed = knownEvent.safeParse(json);
  if (!parsed.success) throw new StreamError(null, `an event of the stream makes no sense: ${data.slice(0, 200)}`);
  return parsed.data;
}

/** Appends each text of a delta to the field of that name; a call's JSON is gathered apart until it is whole. */
function extend(block: DraftBlock | undefined, delta: Readonly<Record<string, unknown>>): void {
  if (block === undefined) throw new StreamError(null, 'a part of a block came before the block');
  for (const [name, part] of Object.entries(delta)) {
    if (name === 'type' || typeof part !== 'string') continue;
    if (name === 'partial_json') block.json += part;
    else block.fields[name] = `${typeof block.fields[name] === 'string' ? block.fields[name] : ''}${part}`;
  }
}

function toContent({ fields, json }: DraftBlock): ContentBlock[] {
  const { type, text, id, name, input } = fields;
  if (type === 'text' && typeof text === 'string') return text.trim() === '' ? [] : [{ type, text }];
  if (type === 'tool_use' && typeof id === 'string' && typeof name === 'string')
    return [{ type, id, name, input: json === '' ? (input ?? {}) : inputOf(json) }];
  return [{ type: 'opaque', raw: json === '' ? fields : { ...fields, input: inputOf(json) } }];
}

function inputOf(json: string): unknown {
  const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(json));
  return parsed.success ? parsed.data : { [INVALID_JSON_KEY]: json };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  end_turn: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
  refusal: 'refusal',
  model_context_window_exceeded: 'context_exceeded',
};

const stopReasonOf = (wire: string | null): StopReason => STOP_REASONS[wire ?? ''] ?? 'other';

/** Later figures are totals and replace earlier ones; a figure that is not repeated stays. */
function withReported(before: WireUsage, now: WireUsage): WireUsage {
  const reported = Object.entries(now).filter(([, value]) => value !== null && value !== undefined);
  return { ...before, ...Object.fromEntries(reported) };
}

function billed(input: WireUsage, outputTokens: number): BilledTokens {
  const written = input.cache_creation_input_tokens ?? 0;
  const writtenFor1h = Math.min(written, input.cache_creation?.ephemeral_1h_input_tokens ?? 0);
  return {
    inputTokens: input.input_tokens ?? 0,
    cacheReadTokens: input.cache_read_input_tokens ?? 0,
    cacheWrite5mTokens: written - writtenFor1h,
    cacheWrite1hTokens: writtenFor1h,
    outputTokens,
  };
}
