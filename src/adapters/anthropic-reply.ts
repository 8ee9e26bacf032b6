// Gathers a streamed reply, event by event, and counts what it was billed for.
import type { ContentBlock, StopReason } from '../messages.ts';
import type { BilledTokens } from '../money/price-usage.ts';
import { readEvent, StreamError, type RawEvent, type ReplyEvent, type ReportedTokens } from './anthropic-events.ts';
import { fieldsOf, parseJson, type Fields } from './json-fields.ts';

/**
 * Key under which a tool call's input is carried when it is no JSON object (cut off, or malformed): the input is then
 * `{ __invalid_json: "<the text>" }`. No tool takes such a key, so its own input check answers with an error, and it is
 * an object, so it can be sent back in the history.
 */
export const INVALID_JSON_KEY = '__invalid_json';

interface DraftBlock {
  readonly fields: Record<string, unknown>;
  json: string;
}

export interface ReplyDraft {
  /**
   * @returns words that came with it (text or thinking, not a call's JSON), and of which block; null for none
   * @throws StreamError for an `error` event and for what cannot be read
   */
  add(event: RawEvent): { readonly block: number; readonly words: string } | null;
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
  let input: ReportedTokens | null = null;
  let outputTokens: number | null = null;
  let stopReason: string | null = null;
  let complete = false;

  const apply = (event: ReplyEvent): string => {
    switch (event.type) {
      case 'message_start':
        input = event.tokens;
        return '';
      case 'content_block_start':
        blocks.set(event.index, { fields: { ...event.block }, json: '' });
        return '';
      case 'content_block_delta':
        return extend(blocks.get(event.index), event.delta);
      case 'message_delta':
        // Later figures are totals and replace earlier ones; a figure that is not repeated stays.
        input = { ...input, ...event.tokens };
        outputTokens = event.tokens.output ?? outputTokens;
        stopReason = event.stopReason ?? stopReason;
        return '';
      case 'message_stop':
        complete = true;
        return '';
    }
  };

  return {
    add: (raw) => {
      const event = readEvent(raw);
      const words = event === null ? '' : apply(event);
      return words !== '' && event !== null && 'index' in event ? { block: event.index, words } : null;
    },
    isComplete: () => complete,
    hasBegun: () => input !== null,
    content: () => [...blocks.values()].flatMap(toContent),
    stopReason: () => stopReasonOf(stopReason),
    tokens: (outputIfUnknown) => billed(input ?? {}, outputTokens ?? outputIfUnknown),
  };
}

/** Appends each text of a delta to the field of that name; a call's JSON is gathered apart until it is whole. */
function extend(block: DraftBlock | undefined, delta: Fields): string {
  if (block === undefined) throw new StreamError(null, 'a part of a block came before the block');
  let words = '';
  for (const [name, part] of Object.entries(delta)) {
    if (name === 'type' || typeof part !== 'string') continue;
    if (name === 'partial_json') block.json += part;
    else block.fields[name] = `${typeof block.fields[name] === 'string' ? block.fields[name] : ''}${part}`;
    if (name === 'text' || name === 'thinking') words = part;
  }
  return words;
}

function toContent({ fields, json }: DraftBlock): ContentBlock[] {
  const { type, text, id, name, input } = fields;
  if (type === 'text' && typeof text === 'string') return text.trim() === '' ? [] : [{ type, text }];
  if (type === 'tool_use' && typeof id === 'string' && typeof name === 'string')
    return [{ type, id, name, input: json === '' ? (input ?? {}) : inputOf(json) }];
  return [{ type: 'opaque', raw: json === '' ? fields : { ...fields, input: inputOf(json) } }];
}

const inputOf = (json: string): Fields => fieldsOf(parseJson(json)) ?? { [INVALID_JSON_KEY]: json };

const STOP_REASONS: Readonly<Record<string, StopReason>> = {
  end_turn: 'end_turn',
  tool_use: 'tool_use',
  max_tokens: 'max_tokens',
  refusal: 'refusal',
  model_context_window_exceeded: 'context_exceeded',
};

const stopReasonOf = (wire: string | null): StopReason => STOP_REASONS[wire ?? ''] ?? 'other';

function billed(
  { input = 0, read = 0, written = 0, writtenFor1h = 0, isUsOnly = false }: ReportedTokens,
  output: number,
): BilledTokens {
  const hour = Math.min(written, writtenFor1h);
  return {
    inputTokens: input,
    cacheReadTokens: read,
    cacheWrite5mTokens: written - hour,
    cacheWrite1hTokens: hour,
    outputTokens: output,
    ...(isUsOnly ? { isUsOnly } : {}),
  };
}
