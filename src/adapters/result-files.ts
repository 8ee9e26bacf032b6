// The directory that one job leaves for another: a manifest and, where commits were made, a bundle.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { RunError } from '../errors.ts';

/** More than a run of 16 agents writes about itself. */
const maxManifestBytes = 8 * 1024 * 1024;
/** A result that a person could review is a thousandth of this; the rest is room for what it is packed with. */
const maxBundleBytes = 256 * 1024 * 1024;

/** sha256, hex. */
export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Of a file of ours. */
export const sha256OfFile = async (path: string): Promise<string> => sha256(await readFile(path));

/** @throws RunError `handover-refused` when it is not there, no plain file, or too large */
export const readManifestFile = (path: string): Promise<Buffer> => readPlainFile(path, maxManifestBytes);

/** @throws RunError `handover-refused`, as above */
export const readBundleFile = (path: string): Promise<Buffer> => readPlainFile(path, maxBundleBytes);

/**
 * Another job has written it: a link could lead to a file of this machine, and what is not a file might never end. Read
 * once, and whole: whatever is judged is what is used.
 */
async function readPlainFile(path: string, maxBytes: number): Promise<Buffer> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size, isPlain } = await file.stat().then((stat) => ({ size: stat.size, isPlain: stat.isFile() }));
      if (!isPlain || size > maxBytes) throw refused(`${nameOf(path)} is no plain file of at most ${maxBytes} bytes`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw refused(`${nameOf(path)} cannot be read`, error);
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const refused = (detail: string, cause?: unknown): RunError => new RunError('handover-refused', { detail }, cause);
