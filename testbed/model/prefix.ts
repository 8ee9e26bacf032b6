// A request as a row of blocks in the order the model reads them, each with the hash of everything up to it.
import { createHash } from 'node:crypto';
import type { WireBlock, WirePrompt } from './wire-request.ts';

export interface PrefixBlock {
  readonly level: 'tools' | 'system' | 'messages';
  readonly tokens: number;
  /** Hash of the model and of all blocks up to this one; cache marks are no part of it. */
  readonly hash: string;
  readonly mark: '5m' | '1h' | null;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A quarter of the UTF-8 bytes, at least one: like a tokenizer, never more than one a byte. */
export const countTokens = (text: string): number => Math.max(1, Math.ceil(Buffer.byteLength(text) / 4));

/** A block's content as text, whatever the order of its keys; without its cache mark. */
export function textOfBlock(block: WireBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'tool_use':
      return `tool_use ${block.id} ${block.name} ${JSON.stringify(block.input)}`;
    case 'tool_result': {
      const content =
        typeof block.content === 'string' ? block.content : (block.content ?? []).map(textOfBlock).join('\n');
      return `tool_result ${block.tool_use_id} ${String(block.is_error ?? false)} ${content}`;
    }
    case 'thinking':
      return `thinking ${block.thinking} ${block.signature}`;
    case 'redacted_thinking':
      return `redacted_thinking ${block.data}`;
  }
}

interface RawBlock {
  readonly level: PrefixBlock['level'];
  readonly text: string;
  readonly mark: PrefixBlock['mark'];
}

type Marked = { readonly cache_control?: { readonly ttl?: '5m' | '1h' | undefined } | null | undefined };

const markOf = (block: Marked): PrefixBlock['mark'] => (block.cache_control ? (block.cache_control.ttl ?? '5m') : null);

function rawBlocks(prompt: WirePrompt): RawBlock[] {
  const tools = (prompt.tools ?? []).map((tool): RawBlock => {
    const { cache_control, ...rest } = tool;
    return { level: 'tools', text: JSON.stringify(rest), mark: markOf({ cache_control }) };
  });
  const system = (prompt.system ?? []).map((b): RawBlock => ({ level: 'system', text: b.text, mark: markOf(b) }));
  const messages = prompt.messages.flatMap(({ role, content }) =>
    content.map((b): RawBlock => ({
      level: 'messages',
      text: `${role}: ${textOfBlock(b)}`,
      mark: 'cache_control' in b ? markOf(b) : null,
    })),
  );
  return [...tools, ...system, ...messages];
}

/**
 * What restarts the cache of messages besides the messages. Of effort and format the documentation says only that a
 * change of them does, not that tools and system outlive it:
 * https://platform.claude.com/docs/en/build-with-claude/effort-per-message
 */
function modesOf({ tool_choice, thinking, output_config }: WirePrompt): readonly unknown[] {
  return [tool_choice ?? null, thinking ?? null, output_config?.effort ?? null, output_config?.format ?? null];
}

/**
 * The blocks of a request. A top-level `cache_control` marks the last one. Tool choice, thinking mode, effort and
 * output format are part of the hash of messages only, as they leave tools and system cached.
 */
export function prefixOf(prompt: WirePrompt): PrefixBlock[] {
  let hash = sha256(prompt.model);
  let inMessages = false;
  const blocks = rawBlocks(prompt).map(({ level, text, mark }): PrefixBlock => {
    if (level === 'messages' && !inMessages) {
      inMessages = true;
      hash = sha256(hash + JSON.stringify(modesOf(prompt)));
    }
    hash = sha256(hash + level + text);
    return { level, tokens: countTokens(text), hash, mark };
  });
  const last = blocks.at(-1);
  if (prompt.cache_control && last) return [...blocks.slice(0, -1), { ...last, mark: markOf(prompt) }];
  return blocks;
}

/** Hashes of what precedes each thinking block may not depend on tool choice, so they are chained apart. */
export function chainText(hash: string, text: string): string {
  return sha256(hash + text);
}

/** Start of a thinking chain: model, tools and system. */
export function chainStart(prompt: WirePrompt): string {
  return rawBlocks({ ...prompt, messages: [] }).reduce((hash, b) => chainText(hash, b.text), sha256(prompt.model));
}
