// Signatures of thinking blocks: they must come back unchanged and, on newer models, after the very same prefix.
import { chainStart, chainText, textOfBlock } from './prefix.ts';
import type { WireBlock, WirePrompt } from './wire-request.ts';

/** The chain after a whole request: what the next reply's thinking is bound to. */
export function chainOf(prompt: WirePrompt): string {
  return prompt.messages.reduce(
    (hash, { role, content }) => content.reduce((h, block) => chainBlock(h, role, block), hash),
    chainStart(prompt),
  );
}

/** @param bound whether the signature covers the prefix as well as the text */
export function signThinking(chain: string, thinking: string, bound: boolean): string {
  return chainText(bound ? chain : 'unbound', thinking);
}

/** The chain after one more block. */
export function chainBlock(chain: string, role: string, block: WireBlock): string {
  return chainText(chain, `${role}: ${textOfBlock(block)}`);
}

/** Where the thinking blocks stand that were edited or moved: `messages.1.content.0`. */
export function misplacedThinking(prompt: WirePrompt, bound: boolean): string[] {
  const found: string[] = [];
  let chain = chainStart(prompt);
  for (const [m, { role, content }] of prompt.messages.entries()) {
    for (const [b, block] of content.entries()) {
      if (block.type === 'thinking' && block.signature !== signThinking(chain, block.thinking, bound))
        found.push(`messages.${m}.content.${b}`);
      chain = chainBlock(chain, role, block);
    }
  }
  return found;
}

/**
 * The first thinking block that was edited or moved; null when all are as they were given out, or when the request asks
 * to drop those that are not.
 */
export function faultInThinking(prompt: WirePrompt, bound: boolean): string | null {
  const [at] = misplacedThinking(prompt, bound);
  if (at === undefined || (bound && dropsMisplaced(prompt))) return null;
  const invalid = `${at}: Invalid \`signature\` in \`thinking\` block`;
  return bound
    ? `${invalid}. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block".`
    : invalid;
}

const dropsMisplaced = ({ thinking }: WirePrompt): boolean =>
  thinking?.block_binding?.prefix_mismatch_behavior === 'drop_block';
