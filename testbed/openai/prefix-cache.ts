// Automatic caching of prompts: what a request has in common, from its first byte, with one before it.
// https://developers.openai.com/api/docs/guides/prompt-caching: from 1,024 tokens on, in steps of 128.

const MIN_TOKENS = 1_024;
const STEP_TOKENS = 128;

export interface PrefixCache {
  /** Tokens that are read from the cache; the prompt itself can be read from then on. */
  read(prompt: string): number;
}

/** A quarter of the UTF-8 bytes, at least one: like a tokenizer, never more than one a byte. */
export const countTokens = (text: string): number => Math.max(1, Math.ceil(Buffer.byteLength(text) / 4));

export function createPrefixCache(): PrefixCache {
  const prompts: string[] = [];
  return {
    read(prompt) {
      const common = Math.max(0, ...prompts.map((before) => commonPrefix(before, prompt)));
      prompts.push(prompt);
      const tokens = Math.floor(Buffer.byteLength(prompt.slice(0, common)) / 4 / STEP_TOKENS) * STEP_TOKENS;
      return tokens < MIN_TOKENS ? 0 : tokens;
    },
  };
}

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
