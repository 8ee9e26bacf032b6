// Turns a scripted reply into the message and the stream events that the service would send for it.
import { countTokens } from './prefix.ts';
import type { InputUsage } from './prompt-cache.ts';
import type { ScriptedBlock, ScriptedMessage } from './script.ts';
import { chainBlock, signThinking } from './thinking.ts';
import type { WireBlock } from './wire-request.ts';

export interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface ReplyBlock {
  readonly block: WireBlock;
  /** What the stream carries in pieces: text, thinking, or a call's JSON. */
  readonly body: string;
}

/** What a reply depends on besides its script. */
export interface ReplyFrame {
  readonly messageId: string;
  readonly model: string;
  readonly maxTokens: number;
  readonly inputUsage: InputUsage;
  /** Chain of the request, for signatures. */
  readonly chain: string;
  readonly boundThinking: boolean;
  /** Places of thinking blocks that were left out of the prompt, as the request asked. */
  readonly dropped: readonly string[];
}

export interface ComposedMessage {
  /** The answer to a request without `stream`. */
  readonly message: Readonly<Record<string, unknown>>;
  /** The answer to a request with it. */
  readonly events: readonly StreamEvent[];
  readonly outputTokens: number;
}

/** Ids and signatures follow from the request, so the same script gives the same bytes again. */
export function composeMessage(reply: ScriptedMessage, frame: ReplyFrame): ComposedMessage {
  const blocks = blocksOf(reply.content, frame);
  const counted = reply.outputTokens ?? blocks.reduce((sum, { body }) => sum + countTokens(body), 1);
  const outputTokens = Math.min(counted, frame.maxTokens);
  const usage = {
    ...frame.inputUsage,
    output_tokens: outputTokens,
    server_tool_use: null,
    service_tier: 'standard',
    inference_geo: reply.inferenceGeo ?? 'global',
  };
  const stopReason =
    reply.stopReason ?? (blocks.some(({ block }) => block.type === 'tool_use') ? 'tool_use' : 'end_turn');
  const message = {
    id: frame.messageId,
    type: 'message',
    role: 'assistant',
    model: frame.model,
    content: blocks.map(({ block }) => block),
    stop_reason: stopReason,
    stop_sequence: null,
    usage,
    ...(frame.dropped.length === 0
      ? {}
      : {
          input_transformations: frame.dropped.map((path) => ({
            type: 'thinking_dropped',
            path,
            reason: 'prefix_binding_mismatch',
          })),
        }),
  };
  const start = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return {
    message,
    outputTokens,
    events: [
      { type: 'message_start', message: start },
      { type: 'ping' },
      ...blocks.flatMap(eventsOfBlock),
      {
        type: 'message_delta',
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: { output_tokens: outputTokens },
      },
      { type: 'message_stop' },
    ],
  };
}

function blocksOf(content: readonly ScriptedBlock[], frame: ReplyFrame): ReplyBlock[] {
  let chain = frame.chain;
  return content.map((scripted, index) => {
    const made = makeBlock(scripted, `toolu_${frame.messageId.slice(4)}_${index}`, (words) =>
      signThinking(chain, words, frame.boundThinking),
    );
    chain = chainBlock(chain, 'assistant', made.block);
    return made;
  });
}

function makeBlock(scripted: ScriptedBlock, id: string, sign: (thinking: string) => string): ReplyBlock {
  switch (scripted.type) {
    case 'text':
      return { block: scripted, body: scripted.text };
    case 'thinking':
      return { block: { ...scripted, signature: sign(scripted.thinking) }, body: scripted.thinking };
    case 'tool_use': {
      const input = 'input' in scripted ? { ...scripted.input } : {};
      const body = 'json' in scripted ? scripted.json : JSON.stringify(scripted.input);
      return { block: { type: 'tool_use', id, name: scripted.name, input }, body };
    }
  }
}

function eventsOfBlock({ block, body }: ReplyBlock, index: number): StreamEvent[] {
  const delta = (fields: Readonly<Record<string, string>>): StreamEvent => ({
    type: 'content_block_delta',
    index,
    delta: fields,
  });
  const start = (content_block: unknown): StreamEvent => ({ type: 'content_block_start', index, content_block });
  const stop: StreamEvent = { type: 'content_block_stop', index };
  switch (block.type) {
    case 'text': {
      const deltas = piecesOf(body).map((piece) => delta({ type: 'text_delta', text: piece }));
      return [start({ type: 'text', text: '' }), ...deltas, stop];
    }
    case 'thinking': {
      const deltas = piecesOf(body).map((piece) => delta({ type: 'thinking_delta', thinking: piece }));
      const signature = delta({ type: 'signature_delta', signature: block.signature });
      return [start({ type: 'thinking', thinking: '', signature: '' }), ...deltas, signature, stop];
    }
    default: {
      const deltas = piecesOf(body).map((piece) => delta({ type: 'input_json_delta', partial_json: piece }));
      return [start({ ...block, input: {} }), ...deltas, stop];
    }
  }
}

const MAX_PIECES = 4;

/** At most four pieces, cut between characters. */
function piecesOf(body: string): string[] {
  const characters = [...body];
  const size = Math.ceil(characters.length / MAX_PIECES);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(''));
  return pieces;
}
