// Names that somebody may have meant.
import { distance } from 'fastest-levenshtein';
import { basename } from 'node:path';
import { listFiles } from './list-files.ts';

const maxSuggestions = 3;
/** Files looked at; a large repository's first ones are enough for a guess. */
const maxFiles = 20_000;

/** A sentence with the existing paths nearest to a missing one, with a blank before it; empty when none is near. */
export function suggestPaths(missing: string, root: string): string {
  const wanted = missing.toLowerCase();
  const name = basename(wanted);
  const ranked: { path: string; rank: number }[] = [];
  let seen = 0;
  for (const path of listFiles(root)) {
    if ((seen += 1) > maxFiles) break;
    const sameName = basename(path).toLowerCase() === name;
    const rank = (sameName ? 0 : 0.2) + distance(wanted, path.toLowerCase()) / Math.max(wanted.length, path.length);
    if (sameName || rank < 0.6) ranked.push({ path, rank });
  }
  const near = ranked.sort((a, b) => a.rank - b.rank).slice(0, maxSuggestions);
  return near.length === 0 ? '' : ` Near: ${near.map(({ path }) => path).join(', ')}.`;
}
