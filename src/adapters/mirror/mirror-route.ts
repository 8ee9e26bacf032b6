// The paths that a mirror answers, each ecosystem's as its clients ask them. Whatever fits none of them is refused.
import type { Upstreams } from './upstreams.ts';

/** What a path means. `path` is asked of `upstream`, and is made of what the grammar let through. */
export type MirrorRoute =
  | { readonly kind: 'file'; readonly upstream: Origin; readonly path: string }
  | { readonly kind: 'npm-package'; readonly path: string }
  /** One version, or the version that a tag names. */
  | { readonly kind: 'npm-version'; readonly path: string; readonly version: string }
  | { readonly kind: 'pypi-project'; readonly path: string }
  | { readonly kind: 'go-list'; readonly path: string }
  | { readonly kind: 'go-info'; readonly path: string }
  | { readonly kind: 'crates-index'; readonly path: string }
  | { readonly kind: 'crates-config' }
  /** Whether the proxy passes on the log of checksums: it does. */
  | { readonly kind: 'go-sums-supported' };

type Origin = Exclude<keyof Upstreams, 'redirects'>;

/** Longest path of a request: Go's modules have the longest names, and none comes near. */
const maxPathLength = 1024;

/** Names of today, and capitals of before 2017; a scope's slash may be encoded, as npm and yarn do. */
const npmName = '(?:@[a-z0-9~][a-z0-9._~-]*(?:/|%2[fF]))?[A-Za-z0-9][A-Za-z0-9._~-]*';
const npmFile = '[A-Za-z0-9_][A-Za-z0-9._~+-]*\\.tgz';
const semver = '\\d+\\.\\d+\\.\\d+(?:(?:[-+.]|%2[bB])[0-9A-Za-z.+-]*)?';
/** pip encodes `+` and `!`. */
const wheel = '[A-Za-z0-9](?:[A-Za-z0-9._!+-]|%2[bB]|%21)*\\.(?:whl|tar\\.gz|tar\\.bz2|zip|egg)(?:\\.metadata)?';
/** Capitals are written `!x`; the first element is a host (https://go.dev/ref/mod#module-path). */
const goModule = '[a-z0-9][a-z0-9-]*(?:\\.[a-z0-9-]+)+(?:/[a-z0-9!~_-][a-z0-9!~._-]*)*';
const goVersion = 'v\\d+\\.\\d+\\.\\d+(?:[-+][0-9a-z!.+-]*)?';
const crate = '[A-Za-z0-9][A-Za-z0-9_-]*';

interface Grammar {
  readonly pattern: RegExp;
  readonly route: (parts: readonly string[]) => MirrorRoute | null;
}

const grammar = (pattern: string, route: Grammar['route']): Grammar => ({ pattern: new RegExp(`^${pattern}$`), route });
const file = (upstream: Origin, prefix = ''): Grammar['route'] => {
  return ([path = '']) => ({ kind: 'file', upstream, path: `${prefix}${path}` });
};

/** Where the sparse index keeps a crate: by the letters its name begins with. */
function indexPathOf(name: string): string {
  if (name.length <= 2) return `${name.length}/${name}`;
  if (name.length === 3) return `3/${name.slice(0, 1)}/${name}`;
  return `${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
}

const grammars: readonly Grammar[] = [
  grammar(`(?:/npm)?(/${npmName}/-/${npmFile})`, file('npm')),
  grammar(`/npm(/${npmName})`, ([path = '']) => ({ kind: 'npm-package', path })),
  grammar(`/npm(/${npmName})/(${semver}|[a-z][a-z0-9-]*)`, ([path = '', version = '']) => ({
    kind: 'npm-version',
    path,
    version,
  })),
  grammar('/pypi/simple/([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/?', ([name = '']) => ({
    kind: 'pypi-project',
    // As PEP 503 writes names: any other spelling is a redirect.
    path: `/simple/${name.toLowerCase().replace(/[-_.]+/g, '-')}/`,
  })),
  grammar(`/pypi/files(/packages/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{60}/${wheel})`, file('pypiFiles')),
  grammar(`/go(/${goModule}/@v/list)`, ([path = '']) => ({ kind: 'go-list', path })),
  grammar(`/go(/${goModule}/(?:@latest|@v/${goVersion}\\.info))`, ([path = '']) => ({ kind: 'go-info', path })),
  grammar(`/go(/${goModule}/@v/${goVersion}\\.(?:mod|zip))`, file('go')),
  grammar('/go/sumdb/sum\\.golang\\.org/supported', () => ({ kind: 'go-sums-supported' })),
  grammar(`/go/sumdb/sum\\.golang\\.org(/latest|/lookup/${goModule}@${goVersion})`, file('goSums')),
  grammar(
    '/go/sumdb/sum\\.golang\\.org(/tile/\\d{1,2}/(?:data|\\d{1,2})/(?:x\\d{3}/)*\\d{3}(?:\\.p/\\d{1,3})?)',
    file('goSums'),
  ),
  grammar('/crates/index/config\\.json', () => ({ kind: 'crates-config' })),
  grammar(`/crates/index/((?:[a-z0-9_-]{1,2}/){1,2}(${crate}))`, ([path = '', name = '']) =>
    path === indexPathOf(name.toLowerCase()) ? { kind: 'crates-index', path: `/${path}` } : null,
  ),
  grammar(`/crates/dl(/${crate}/${semver}/download)`, file('cratesFiles', '/crates')),
];

/**
 * The route of a request's target; null for all that no client of these registries asks while it installs: searches,
 * queries, other encodings, absolute addresses, steps upwards.
 */
export function parseMirrorPath(target: string): MirrorRoute | null {
  if (target.length > maxPathLength) return null;
  for (const { pattern, route } of grammars) {
    const match = pattern.exec(target);
    if (match !== null) return route(match.slice(1));
  }
  return null;
}
