// A request as a script sees it: who asks, for what, and what the last turn brought.
import { createHash } from 'node:crypto';
import type { WireBlock, WireMessage, WireRequest } from './wire-request.ts';

export interface ParsedRequest {
  readonly model: string;
  readonly maxTokens: number;
  readonly stream: boolean;
  readonly system: string;
  readonly toolNames: readonly string[];
  readonly toolChoice: string | null;
  readonly effort: string | null;
  readonly outputSchema: Readonly<Record<string, unknown>> | null;
  /** Same for all requests of one conversation: hash of what the user said before the first reply. */
  readonly conversation: string;
  /** Replies so far in the conversation. */
  readonly turn: number;
  /** All text before the first reply. */
  readonly openingText: string;
  /** Its last part (last message, or last block of the only one): where an agent's role and task stand. */
  readonly ownText: string;
  /** Text of the last message, tool results included. */
  readonly lastText: string;
  readonly lastResults: readonly { readonly toolUseId: string; readonly content: string; readonly isError: boolean }[];
}

/** Reads a request that was judged to be right. */
export function parseRequest(wire: WireRequest): ParsedRequest {
  const firstReply = wire.messages.findIndex(({ role }) => role === 'assistant');
  const opening = firstReply === -1 ? wire.messages : wire.messages.slice(0, firstReply);
  const last = wire.messages.at(-1)?.content ?? [];
  return {
    model: wire.model,
    maxTokens: wire.max_tokens,
    stream: wire.stream ?? false,
    system: (wire.system ?? []).map((block) => block.text).join('\n'),
    toolNames: (wire.tools ?? []).map(({ name }) => name),
    toolChoice: wire.tool_choice?.type ?? null,
    effort: wire.output_config?.effort ?? null,
    outputSchema: wire.output_config?.format?.schema ?? null,
    conversation: hashOf(textOf(opening.flatMap(({ content }) => content))),
    turn: wire.messages.filter(({ role }) => role === 'assistant').length,
    openingText: textOf(opening.flatMap(({ content }) => content)),
    ownText: ownTextOf(opening),
    lastText: textOf(last),
    lastResults: last.flatMap((block) => (block.type === 'tool_result' ? [resultOf(block)] : [])),
  };
}

function ownTextOf(opening: readonly WireMessage[]): string {
  const last = opening.at(-1)?.content ?? [];
  return textOf(opening.length > 1 ? last : last.slice(-1));
}

function resultOf(block: Extract<WireBlock, { type: 'tool_result' }>) {
  return { toolUseId: block.tool_use_id, content: contentOf(block), isError: block.is_error ?? false };
}

function contentOf({ content }: Extract<WireBlock, { type: 'tool_result' }>): string {
  return typeof content === 'string' ? content : (content ?? []).map((block) => block.text).join('\n');
}

function textOf(blocks: readonly WireBlock[]): string {
  return blocks
    .flatMap((block) => (block.type === 'text' ? block.text : block.type === 'tool_result' ? contentOf(block) : []))
    .join('\n');
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
