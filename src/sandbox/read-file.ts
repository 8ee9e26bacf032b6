// Reads one file of a tree without following a link and without waiting on what only looks like a file.
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  type BigIntStats,
} from 'node:fs';
import { dirname } from 'node:path';

/** O_NONBLOCK: opening a FIFO that took the file's place since it was seen would wait for ever. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export interface ReadFile {
  readonly bytes: Buffer;
  /** Of the file that was really opened. */
  readonly stats: BigIntStats;
}

const knowsDescriptors = existsSync('/proc/self/fd');

/**
 * Whether the opened file lies in the directory of that path: O_NOFOLLOW minds the last name only, and a directory on the way
 * may have become a link since it was walked. Where the system does not say (macOS), the sandbox alone keeps such a link in.
 */
const liesThere = (descriptor: number, path: string): boolean =>
  !knowsDescriptors || dirname(readlinkSync(`/proc/self/fd/${descriptor}`)) === dirname(path);

/** As many bytes as it had when it was opened: a file that grows while it is read never ends. */
function readBytes(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, bytes, length, size - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

/**
 * Content of a regular file; null when it is none (any more), cannot be read, or is larger than `maxBytes`.
 * @param path of a file below a real path, for where a link on the way counts as none
 */
export function readRegularFile(path: string, maxBytes: number): ReadFile | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, flags);
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile() || stats.size > maxBytes || !liesThere(descriptor, path)) return null;
    return { bytes: readBytes(descriptor, Number(stats.size)), stats };
  } finally {
    closeSync(descriptor);
  }
}

/** Git's id of a blob with this content. */
export function blobId(bytes: Uint8Array, format: 'sha1' | 'sha256'): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
