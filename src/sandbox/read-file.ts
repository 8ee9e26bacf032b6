// Reads one file of a tree without following a link and without waiting on what only looks like a file.
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, type BigIntStats } from 'node:fs';

/** O_NONBLOCK: opening a FIFO that took the file's place since it was seen would wait for ever. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export interface ReadFile {
  readonly bytes: Buffer;
  /** Of the file that was really opened. */
  readonly stats: BigIntStats;
}

/** Content of a regular file; null when it is none (any more). */
export function readRegularFile(path: string): ReadFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, flags);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    return stats.isFile() ? { bytes: readFileSync(descriptor), stats } : null;
  } finally {
    closeSync(descriptor);
  }
}

/** Git's id of a blob with this content. */
export function blobId(bytes: Uint8Array, format: 'sha1' | 'sha256'): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
