// Usage as a sum.
import type { Usage } from '../types.ts';

/** Nothing used. */
export const noUsage: Usage = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costNanoUsd: 0,
};

/** Both together, field by field. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    costNanoUsd: a.costNanoUsd + b.costNanoUsd,
  };
}

/** The most that tries of one reserved call can have used. Input counts as written to the cache, as it is priced. */
export function atWorst(
  { tokens, nanoUsd, maxTokens }: { readonly tokens: number; readonly nanoUsd: number; readonly maxTokens: number },
  tries: number,
): Usage {
  return {
    ...noUsage,
    requests: tries,
    cacheWriteTokens: tries * (tokens - maxTokens),
    outputTokens: tries * maxTokens,
    costNanoUsd: tries * nanoUsd,
  };
}

/** What is left of `a` without `b`, field by field; never below nothing. */
export function subtractUsage(a: Usage, b: Usage): Usage {
  return {
    requests: Math.max(0, a.requests - b.requests),
    inputTokens: Math.max(0, a.inputTokens - b.inputTokens),
    outputTokens: Math.max(0, a.outputTokens - b.outputTokens),
    cacheReadTokens: Math.max(0, a.cacheReadTokens - b.cacheReadTokens),
    cacheWriteTokens: Math.max(0, a.cacheWriteTokens - b.cacheWriteTokens),
    costNanoUsd: Math.max(0, a.costNanoUsd - b.costNanoUsd),
  };
}
