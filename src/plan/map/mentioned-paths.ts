// Files that a request names by path: in words, in a stack trace, in a link to the code.
import { requestText, type Request } from './request-text.ts';

/** More files than this under one name, and the name does not tell which is meant. */
const MOST_ALIKE = 3;

/** Paths of the commit that the request names, whole or by their end (`lib/help.js:12` names `src/lib/help.js`). */
export function mentionedPaths(request: Request, paths: readonly string[]): ReadonlySet<string> {
  const text = requestText(request);
  const tokens = [...new Set(text.match(/[\w@.-]*(?:\/[\w@.[\]-]+)*\.[A-Za-z]\w{0,4}\b/g) ?? [])].filter(
    (token) => token.length > 3,
  );
  if (tokens.length === 0) return new Set();
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  return new Set(tokens.flatMap((token) => pathsOf(token, byName)));
}

/** The longest end of the token that is the end of a path. */
function pathsOf(token: string, byName: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const parts = token.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const alike = byName.get(parts.at(-1) ?? '') ?? [];
  for (let start = 0; start < parts.length; start++) {
    const end = parts.slice(start).join('/');
    const found = alike.filter((path) => path === end || path.endsWith(`/${end}`));
    if (found.length > 0) return found.length <= MOST_ALIKE ? found : [];
  }
  return [];
}
