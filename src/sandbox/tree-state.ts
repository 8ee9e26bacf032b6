// What the toolhost remembers of the files it wrote or read: enough to tell a changed file without reading it.
import type { BigIntStats } from 'node:fs';
import { createIgnoreRules, type IgnoreRules } from './ignore-rules.ts';

/** One file as the broker knows it. */
export interface FileRecord {
  readonly mode: string;
  /** Git's blob id; for a submodule the commit. */
  readonly id: string;
  /** Null when the file was never read here: it then counts as changed until it is. */
  readonly stamp: string | null;
}

export interface TreeState {
  readonly root: string;
  objectFormat: 'sha1' | 'sha256';
  /** By path, what broker and toolhost agree on. */
  records: Map<string, FileRecord>;
  ignoreRules: IgnoreRules;
}

export const createTreeState = (root: string): TreeState => ({
  root,
  objectFormat: 'sha1',
  records: new Map(),
  ignoreRules: createIgnoreRules(new Map()),
});

/** Coarsest time stamps of file systems in use: two seconds on FAT. */
const coarsestNs = 2_000_000_000n;
/**
 * A stamp that is no whole millisecond comes from a clock of nanoseconds that the kernel moves on at each tick, of at most
 * 10 ms (CONFIG_HZ=100, time(7)); five of them for safety.
 */
const tickNs = 50_000_000n;
const granularityNs = (stamp: bigint): bigint => (stamp % 1_000_000n === 0n ? coarsestNs : tickNs);

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/**
 * Size, times, inode and mode of a file, as read before its content. Null while the file is so young that a later change
 * could carry the same times: such a file is read again (git calls it racily clean).
 */
export function stampOf(stats: BigIntStats): string | null {
  const youngest = stats.mtimeNs > stats.ctimeNs ? stats.mtimeNs : stats.ctimeNs;
  if (youngest + granularityNs(youngest) >= nowNs()) return null;
  return [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino, stats.dev, stats.mode].join(':');
}

/** Git's mode of a regular file: only its owner's right to execute counts. */
export const fileMode = (stats: BigIntStats): string => ((stats.mode & 0o100n) === 0n ? '100644' : '100755');

/** Old repositories have group-writable modes (100664), which say no more than 100644. */
export const sameMode = (recorded: string, found: string): boolean =>
  recorded === found || (recorded === '100664' && found === '100644');
