// Globs of owned paths, as they are meant: said in words that a glob matcher would take for something else.

/**
 * Makes a folder mean all that is in it: `./src/` becomes `src/**`, and `src`, which as a glob would match nothing,
 * becomes `src` and `src/**` (both, since a name without a dot may be a file: Makefile, bin/run). `.` means all.
 */
export function ownedGlobs(globs: readonly string[]): string[] {
  return [...new Set(globs.flatMap(asMeant))];
}

function asMeant(said: string): string[] {
  const glob = said.trim().replace(/^(\.\/)+/, '');
  if (glob === '.' || (glob === '' && said.trim() !== '')) return ['**'];
  if (glob.endsWith('/')) return [`${glob}**`];
  const name = glob.slice(glob.lastIndexOf('/') + 1);
  // The dot of a hidden folder (.github) stands in front.
  return /^\.?[^.*?[\]{}()!]+$/.test(name) ? [glob, `${glob}/**`] : [glob];
}
