// A crate's file of the sparse index, without the versions that are known to be too young.
// Format: https://doc.rust-lang.org/cargo/reference/registry-index.html
import * as z from 'zod/mini';
import type { IsOldEnough } from './published-before.ts';

const lineSchema = z.looseObject({ vers: z.string(), pubtime: z.optional(z.nullable(z.string())) });

/**
 * Drops each version whose `pubtime` is too young. The field is optional: where it is missing nothing is known of the age,
 * and the version stays. Empty when none is left.
 */
export function withoutYoungCrates(body: Buffer, isOldEnough: IsOldEnough): string {
  const lines = body
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const kept = lines.filter((line) => {
    const { pubtime } = lineSchema.parse(JSON.parse(line));
    return pubtime == null || isOldEnough(pubtime);
  });
  return kept.map((line) => `${line}\n`).join('');
}

/** The index's config for cargo: where archives are. It names no `api`, so that nothing can be searched or published. */
export const cratesConfig = (base: string): string => JSON.stringify({ dl: `${base}/crates/dl` });
