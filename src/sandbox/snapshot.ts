// Reads a tree back: what changed since it was written or last read, what is gone, and what is refused.
import { readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { caseCollisions, collides } from './case-collisions.ts';
import { linkLeavesTree } from './look-alikes.ts';
import { blobId, readRegularFile } from './read-file.ts';
import { fileMode, sameMode, stampOf, type FileRecord, type TreeState } from './tree-state.ts';
import { walkTree, type RefusedPath, type WalkedTree } from './walk-tree.ts';

/** A file that no pull request should carry. GitHub warns at 50 MB and refuses at 100 MB. */
export const maxFileBytes = 10 * 1024 * 1024;
/** New content of one save, held in memory by both processes at once. */
export const maxTotalBytes = 100 * 1024 * 1024;

export interface ChangedFile {
  readonly path: string;
  readonly mode: string;
  readonly bytes: Buffer;
}

export interface Snapshot {
  readonly changed: readonly ChangedFile[];
  readonly deleted: readonly string[];
  readonly refused: readonly RefusedPath[];
}

type Finding =
  | { readonly kind: 'same'; readonly record: FileRecord }
  | { readonly kind: 'changed'; readonly record: FileRecord; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly reason: string };

const tooLarge: Finding = { kind: 'refused', reason: `it is larger than ${maxFileBytes / 1024 / 1024} MB` };

/** @param bytes the content, if it had to be read; compared by id, since a touched file is no changed file. */
function judge(known: FileRecord | undefined, found: FileRecord, bytes: Buffer): Finding {
  const same = known?.id === found.id && sameMode(known.mode, found.mode);
  return same ? { kind: 'same', record: { ...found, mode: known.mode } } : { kind: 'changed', record: found, bytes };
}

function lookAtLink(state: TreeState, path: string): Finding {
  const bytes = readlinkSync(join(state.root, path), { encoding: 'buffer' });
  const record = { mode: '120000', id: blobId(bytes, state.objectFormat), stamp: null };
  const finding = judge(state.records.get(path), record, bytes);
  // A link that the commit already had is none of the agent's doing.
  if (finding.kind === 'same' || !linkLeavesTree(path, bytes.toString())) return finding;
  return { kind: 'refused', reason: 'it is a link that leaves the tree' };
}

function lookAtFile(state: TreeState, path: string, seen: BigIntStats): Finding {
  const known = state.records.get(path);
  const seenStamp = stampOf(seen);
  if (known !== undefined && seenStamp !== null && known.stamp === seenStamp) return { kind: 'same', record: known };
  // A large file of the commit may be unchanged, which only reading tells; no repository has one beyond the total.
  const limit = known === undefined ? maxFileBytes : maxTotalBytes;
  if (seen.size > limit) return tooLarge;
  const read = readRegularFile(join(state.root, path), limit);
  if (read === null) return { kind: 'refused', reason: 'it cannot be read as a file' };
  const id = blobId(read.bytes, state.objectFormat);
  const finding = judge(known, { mode: fileMode(read.stats), id, stamp: stampOf(read.stats) }, read.bytes);
  if (finding.kind === 'same' || read.bytes.length <= maxFileBytes) return finding;
  return tooLarge;
}

function lookAt(state: TreeState, path: string, stats: BigIntStats): Finding {
  if (state.records.get(path)?.mode === '160000') return { kind: 'refused', reason: 'it replaces a submodule' };
  if (stats.isSymbolicLink()) return lookAtLink(state, path);
  if (stats.isFile()) return lookAtFile(state, path, stats);
  return { kind: 'refused', reason: 'it is neither a file, a directory nor a link' };
}

const collision: Finding = {
  kind: 'refused',
  reason: collides,
};

/** New paths that collide with one of those that stay, or with each other. A path that is gone leaves its name free. */
function newCollisions({ records }: TreeState, found: WalkedTree['found']): readonly string[] {
  const isOld = ({ path }: { readonly path: string }): boolean => records.has(path);
  const added = found.filter((one) => !isOld(one)).map(({ path }) => path);
  return added.length === 0
    ? []
    : caseCollisions(
        found.filter(isOld).map(({ path }) => path),
        added,
      );
}

/**
 * Compares the files with the records, and brings the records up to date with what it returns. A refused path keeps its
 * record, so that the version before it stays in the result.
 */
export function takeSnapshot(state: TreeState): Snapshot {
  const walked = walkTree(state);
  const refused = [...walked.refused];
  const changed: ChangedFile[] = [];
  const records = new Map<string, FileRecord>();
  const collisions = new Set(newCollisions(state, walked.found));
  const missing = new Set(state.records.keys());
  let totalBytes = 0;
  const keep = (path: string): void => {
    const known = state.records.get(path);
    if (known !== undefined) records.set(path, known);
    missing.delete(path);
  };
  const refuse = (path: string, reason: string): void => {
    refused.push({ path, reason });
    keep(path);
  };
  for (const { path, stats } of walked.found) {
    const finding = collisions.has(path) ? collision : lookAt(state, path, stats);
    if (finding.kind === 'refused') refuse(path, finding.reason);
    else if (finding.kind === 'changed' && totalBytes + finding.bytes.length > maxTotalBytes) {
      refuse(path, `the changes of this tree are larger than ${maxTotalBytes / 1024 / 1024} MB`);
    } else {
      missing.delete(path);
      records.set(path, finding.record);
      if (finding.kind === 'same') continue;
      totalBytes += finding.bytes.length;
      changed.push({ path, mode: finding.record.mode, bytes: finding.bytes });
    }
  }
  for (const path of missing) {
    const isUnread = walked.refused.some((one) => path.startsWith(`${one.path}/`));
    if (isUnread || state.records.get(path)?.mode === '160000') keep(path);
  }
  state.records = records;
  return { changed, deleted: [...missing], refused };
}
