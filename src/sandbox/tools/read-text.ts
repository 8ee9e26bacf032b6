// The text of a file that is about to be changed in part.
import { existsSync } from 'node:fs';
import type { Place } from './locate.ts';
import { isBinary, readBytes } from './read-bytes.ts';
import { Refusal } from './refusal.ts';
import { suggestPaths } from './suggest-paths.ts';

/** The text, byte order mark included. Throws a Refusal for what is missing, binary or no UTF-8. */
export function readText(place: Place): string {
  if (!existsSync(place.path)) {
    throw new Refusal(
      `${place.name} does not exist.${suggestPaths(place.name, place.base)} Use \`write\` for a new file.`,
    );
  }
  const bytes = readBytes(place);
  if (isBinary(bytes)) throw new Refusal(`${place.name} is a binary file.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(
      `${place.name} is not UTF-8 text, so an edit would damage it. Use \`bash\` (sed, python) instead.`,
    );
  }
}
