// Encodes objects as a pack, git's own exchange format, so that one process stores any number of them.
// Format: https://git-scm.com/docs/pack-format
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export type ObjectFormat = 'sha1' | 'sha256';

export interface NewObject {
  readonly type: 'tree' | 'blob';
  readonly bytes: Uint8Array;
}

const typeNumbers = { tree: 2, blob: 3 } as const;

/** The id that git gives to an object: the hash over its header and its bytes. */
export function objectId(type: NewObject['type'], bytes: Uint8Array, format: ObjectFormat): string {
  return createHash(format).update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Type and size as git packs them: three bits of type, then the size in groups of 4, 7, 7... bits, lowest first. */
function entryHeader(type: NewObject['type'], size: number): Uint8Array {
  const bytes: number[] = [];
  let rest = Math.floor(size / 16);
  let current = (typeNumbers[type] << 4) | (size % 16);
  while (rest > 0) {
    bytes.push(current | 0x80);
    current = rest % 128;
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.from([...bytes, current]);
}

/** A whole pack: header, every object deflated (fastest level: git repacks later anyhow), checksum. */
export function encodePack(objects: readonly NewObject[], format: ObjectFormat): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.length, 8);
  const parts = objects.flatMap((one) => [
    entryHeader(one.type, one.bytes.length),
    deflateSync(one.bytes, { level: 1 }),
  ]);
  const body = Buffer.concat([header, ...parts]);
  return Buffer.concat([body, createHash(format).update(body).digest()]);
}
