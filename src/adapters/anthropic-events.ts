// Events of Anthropic's stream, from their bytes to what they mean.
import { fieldsOf, isCount, parseJson, type Fields } from './json-fields.ts';

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

/** Tokens as far as an event reports them. `written` is all that went to the cache, `writtenFor1h` a part of it. */
export interface ReportedTokens {
  readonly input?: number;
  readonly output?: number;
  readonly read?: number;
  readonly written?: number;
  readonly writtenFor1h?: number;
  /** It ran in the US alone. */
  readonly isUsOnly?: boolean;
}

export type ReplyEvent =
  | { readonly type: 'message_start'; readonly tokens: ReportedTokens }
  | { readonly type: 'content_block_start'; readonly index: number; readonly block: Fields }
  | { readonly type: 'content_block_delta'; readonly index: number; readonly delta: Fields }
  | { readonly type: 'message_delta'; readonly stopReason: string | null; readonly tokens: ReportedTokens }
  | { readonly type: 'message_stop' };

/**
 * Reads an event; null for pings and for kinds that we do not know, which may come at any time.
 * @throws StreamError for an `error` event and for one that makes no sense
 */
export function readEvent({ event, data }: RawEvent): ReplyEvent | null {
  if (event === 'ping' || data === '') return null;
  const fields = fieldsOf(parseJson(data));
  const read = fields === null ? null : readFields(fields);
  if (read === null) throw new StreamError(null, `an event of the stream makes no sense: ${data.slice(0, 200)}`);
  return read === 'unknown' ? null : read;
}

function readFields(fields: Fields): ReplyEvent | 'unknown' | null {
  switch (fields['type']) {
    case 'message_start':
      return withTokens(fieldsOf(fields['message']), (tokens) => ({ type: 'message_start', tokens }));
    case 'content_block_start':
      return ofBlock(fields, 'content_block', (index, block) => ({ type: 'content_block_start', index, block }));
    case 'content_block_delta':
      return ofBlock(fields, 'delta', (index, delta) => ({ type: 'content_block_delta', index, delta }));
    case 'message_delta': {
      const reason = fieldsOf(fields['delta'])?.['stop_reason'];
      const stopReason = typeof reason === 'string' ? reason : null;
      return withTokens(fields, (tokens) => ({ type: 'message_delta', stopReason, tokens }));
    }
    case 'message_stop':
      return { type: 'message_stop' };
    case 'error':
      throw errorOf(fieldsOf(fields['error']));
    default:
      return typeof fields['type'] === 'string' ? 'unknown' : null;
  }
}

function errorOf(error: Fields | null): StreamError {
  const { type, message } = error ?? {};
  return typeof type === 'string'
    ? new StreamError(type, String(message))
    : new StreamError(null, 'the stream has an error that makes no sense');
}

function ofBlock(
  fields: Fields,
  name: 'content_block' | 'delta',
  make: (index: number, part: Fields) => ReplyEvent,
): ReplyEvent | null {
  const { index } = fields;
  const part = fieldsOf(fields[name]);
  return isCount(index) && typeof part?.['type'] === 'string' ? make(index, part) : null;
}

function withTokens(holder: Fields | null, make: (tokens: ReportedTokens) => ReplyEvent): ReplyEvent | null {
  const usage = fieldsOf(holder?.['usage']);
  if (usage === null) return null;
  const reported = {
    input: usage['input_tokens'],
    output: usage['output_tokens'],
    read: usage['cache_read_input_tokens'],
    written: usage['cache_creation_input_tokens'],
    writtenFor1h: fieldsOf(usage['cache_creation'])?.['ephemeral_1h_input_tokens'],
  };
  const tokens: { -readonly [Name in (typeof TOKEN_NAMES)[number]]?: number } = {};
  for (const name of TOKEN_NAMES) {
    const value = reported[name];
    if (isCount(value)) tokens[name] = value;
    else if (value !== null && value !== undefined) return null;
  }
  return make(usage['inference_geo'] === 'us' ? { ...tokens, isUsOnly: true } : tokens);
}

const TOKEN_NAMES = ['input', 'output', 'read', 'written', 'writtenFor1h'] as const;
