// Prompt caching as documented (https://platform.claude.com/docs/en/build-with-claude/prompt-caching): entries are
// written at marks only, read by looking back at most 20 blocks from a mark, live 5 minutes or an hour from their last
// use, and can be read only once the reply that wrote them has begun.
import type { PrefixBlock } from './prefix.ts';

const LOOKBACK_BLOCKS = 20;
const LIFE_MS = { '5m': 5 * 60_000, '1h': 60 * 60_000 } as const;

export interface InputUsage {
  readonly input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
}

export interface Accounted {
  readonly usage: InputUsage;
  /** Makes the entries readable; to be called when the reply begins. */
  store(): void;
}

export interface PromptCache {
  account(blocks: readonly PrefixBlock[], minTokens: number): Accounted;
}

interface Mark {
  readonly index: number;
  readonly hash: string;
  readonly upTo: number;
  readonly ttl: '5m' | '1h';
}

/** @param now milliseconds; what entries live by */
export function createPromptCache(now: () => number): PromptCache {
  const entries = new Map<string, { expiresAt: number; ttl: '5m' | '1h' }>();

  const isLive = (hash: string): boolean => (entries.get(hash)?.expiresAt ?? 0) > now();

  const write = (hash: string, ttl: '5m' | '1h'): void => {
    const longer = entries.get(hash)?.ttl === '1h' ? '1h' : ttl;
    entries.set(hash, { expiresAt: now() + LIFE_MS[longer], ttl: longer });
  };

  return {
    account(blocks, minTokens) {
      const totals = runningTotals(blocks);
      const marks = marksOf(blocks, totals).filter((mark) => mark.upTo >= minTokens);
      const hit = longestHit(blocks, marks, isLive);
      const read = hit === null ? 0 : (totals[hit] ?? 0);
      return {
        usage: split(totals.at(-1) ?? 0, read, marks),
        store: () => {
          for (const { hash, ttl } of marks) write(hash, ttl);
          const used = hit === null ? undefined : blocks[hit];
          if (used) write(used.hash, entries.get(used.hash)?.ttl ?? '5m');
        },
      };
    },
  };
}

function runningTotals(blocks: readonly PrefixBlock[]): number[] {
  let total = 0;
  return blocks.map(({ tokens }) => (total += tokens));
}

function marksOf(blocks: readonly PrefixBlock[], totals: readonly number[]): Mark[] {
  return blocks.flatMap(({ hash, mark }, index) =>
    mark === null ? [] : [{ index, hash, ttl: mark, upTo: totals[index] ?? 0 }],
  );
}

/** Index of the last block of the longest live entry that a mark can see; null for none. */
function longestHit(
  blocks: readonly PrefixBlock[],
  marks: readonly Mark[],
  isLive: (hash: string) => boolean,
): number | null {
  for (const { index } of marks.toReversed()) {
    for (let at = index; at >= 0 && at > index - LOOKBACK_BLOCKS; at--) {
      if (isLive(blocks[at]?.hash ?? '')) return at;
    }
  }
  return null;
}

function split(total: number, read: number, marks: readonly Mark[]): InputUsage {
  const writtenUpTo = Math.max(read, marks.at(-1)?.upTo ?? 0);
  const hourUpTo = Math.max(read, marks.findLast(({ ttl }) => ttl === '1h')?.upTo ?? 0);
  return {
    input_tokens: total - writtenUpTo,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: writtenUpTo - read,
    cache_creation: {
      ephemeral_5m_input_tokens: writtenUpTo - hourUpTo,
      ephemeral_1h_input_tokens: hourUpTo - read,
    },
  };
}
