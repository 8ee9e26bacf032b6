// Which node the demo needs. No imports and old syntax only: this runs before anything newer is loaded.

const OLDEST_NODE = 20;

/** What to tell a person whose node is too old (`version` as in `process.versions.node`); null when it is not. */
export function nodeProblem(version: string): string | null {
  const major = Number(version.split('.')[0]);
  if (major >= OLDEST_NODE) return null;
  return 'The demo needs node ' + OLDEST_NODE + ' or later; this is node ' + version + '. See https://nodejs.org/';
}
