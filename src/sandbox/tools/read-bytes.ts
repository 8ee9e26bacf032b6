// Opens files of a tree so that neither a link, a FIFO nor a device can surprise the reader.
import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import type { Place } from './locate.ts';
import { Refusal } from './refusal.ts';

/** Larger files are refused: nobody reads them whole. */
const maxFileBytes = 10 * 1024 * 1024;

/** The bytes of a regular file. Throws a Refusal for anything else and for files above 10 MiB. */
export function readBytes(place: Place): Buffer {
  refuseSpecial(place.name, statSync(place.path));
  const fd = openSync(place.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd);
    refuseSpecial(place.name, stat);
    if (stat.size > maxFileBytes) {
      const size = `${(stat.size / 1024 / 1024).toFixed(1)} MiB`;
      throw new Refusal(`${place.name} has ${size}; above 10 MiB use \`bash\` (sed -n, head, tail) for a part of it.`);
    }
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** As git judges it: a NUL among the first 8,000 bytes. */
export const isBinary = (bytes: Buffer): boolean => bytes.subarray(0, 8_000).includes(0);

function refuseSpecial(name: string, stat: Stats): void {
  if (stat.isFile()) return;
  if (stat.isDirectory()) throw new Refusal(`${name} is a directory.`);
  const kind = stat.isFIFO() ? 'a FIFO' : stat.isSocket() ? 'a socket' : 'a device';
  throw new Refusal(`${name} is ${kind}, not a file.`);
}
