// What of a run's requests a provider's prompt cache would have to read anew, by the rules of the test bed's cache.
import { factsOf } from '../testbed/model/model-facts.ts';
import { prefixOf, type PrefixBlock } from '../testbed/model/prefix.ts';
import { createPromptCache } from '../testbed/model/prompt-cache.ts';
import { messageRequestShape } from '../testbed/model/wire-request.ts';

type Body = Readonly<Record<string, unknown>>;

interface Counted {
  readonly blocks: readonly PrefixBlock[];
  readonly totalTokens: number;
  readonly readTokens: number;
  readonly minTokens: number;
}

/** Requests in the order in which they came, each accounted against what those before it left in the cache. */
function count(bodies: readonly Body[]): readonly Counted[] {
  // Nothing expires here: a run of the benchmark is shorter than any entry's life.
  const cache = createPromptCache(() => 0);
  return bodies.map((body) => {
    const wire = messageRequestShape.parse(body);
    const blocks = prefixOf(wire);
    const minTokens = factsOf(wire.model)?.minCacheTokens ?? 0;
    const { usage, store } = cache.account(blocks, minTokens);
    store();
    const totalTokens = blocks.reduce((sum, { tokens }) => sum + tokens, 0);
    return { blocks, totalTokens, readTokens: usage.cache_read_input_tokens, minTokens };
  });
}

/** Tokens read from the cache, of those that an earlier request of the run had sent already in the same place. */
export function cacheReadShare(bodies: readonly Body[]): number {
  const sent = new Set<string>();
  let [repeated, read] = [0, 0];
  for (const { blocks, readTokens, minTokens } of count(bodies)) {
    const known = blocks.filter(({ hash }) => sent.has(hash)).reduce((sum, { tokens }) => sum + tokens, 0);
    // What is too short for any entry cannot be read by anybody.
    if (known >= minTokens) {
      repeated += known;
      read += readTokens;
    }
    for (const { hash } of blocks) sent.add(hash);
  }
  return read / repeated;
}

/** What one conversation sends beyond the cache, against a loop that only ever appends: that sends each byte once. */
export function freshBytesRatio(conversation: readonly Body[]): number {
  const counted = count(conversation);
  const fresh = counted.reduce((sum, { totalTokens, readTokens }) => sum + totalTokens - readTokens, 0);
  return fresh / (counted.at(-1)?.totalTokens ?? 0);
}
