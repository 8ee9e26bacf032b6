// Finds new paths that a file system without case would take for others: there, one of the two writes over the other.

/** Why such a path is refused. */
export const collides = 'only case or accents tell its name from that of another path';

/** As the file systems of macOS and Windows compare names: case and the composition of letters do not count. */
const fold = (path: string): string => path.normalize('NFC').toLowerCase();

/** The path, then every directory above it. */
function* upwards(path: string): Generator<string> {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
}

/**
 * Those of `added` that differ from a path of `kept`, from one before them in `added`, or from a directory of either only by
 * case or composition. What `kept` holds among itself is not judged: that is the commit's own.
 */
export function caseCollisions(kept: Iterable<string>, added: readonly string[]): readonly string[] {
  if (added.length === 0) return [];
  const known = new Set<string>();
  const folded = new Set<string>();
  const take = (path: string): void => {
    for (const one of upwards(path)) {
      if (known.has(one)) return;
      known.add(one);
      folded.add(fold(one));
    }
  };
  const isTaken = (path: string): boolean => {
    for (const one of upwards(path)) if (!known.has(one) && folded.has(fold(one))) return true;
    return false;
  };
  for (const path of kept) take(path);
  return added.filter((path) => {
    if (isTaken(path)) return true;
    take(path);
    return false;
  });
}
