// The hosts that a mirror asks, and none besides. Each is the one that its registry documents for clients.

/** Origins, without a path. */
export interface Upstreams {
  /** https://docs.npmjs.com/cli/using-npm/registry */
  readonly npm: string;
  /** https://docs.pypi.org/api/index-api/ */
  readonly pypi: string;
  readonly pypiFiles: string;
  /** https://proxy.golang.org: the proxy, and the log of checksums beside it. */
  readonly go: string;
  readonly goSums: string;
  /** https://doc.rust-lang.org/cargo/reference/registry-index.html, `dl` of the index's config.json. */
  readonly crates: string;
  readonly cratesFiles: string;
  /** Further places that one of them may redirect to; each begins with an origin and may go on with a path. */
  readonly redirects: readonly string[];
}

export const publicUpstreams: Upstreams = {
  npm: 'https://registry.npmjs.org',
  pypi: 'https://pypi.org',
  pypiFiles: 'https://files.pythonhosted.org',
  go: 'https://proxy.golang.org',
  goSums: 'https://sum.golang.org',
  crates: 'https://index.crates.io',
  cratesFiles: 'https://static.crates.io',
  // Where the Go proxy keeps large archives.
  redirects: ['https://storage.googleapis.com/proxy-golang-org-prod/'],
};

/** Whether a request, first or redirected, may go to this URL. */
export function isListed(url: URL, upstreams: Upstreams): boolean {
  const { redirects, ...origins } = upstreams;
  if (Object.values(origins).some((origin) => new URL(origin).origin === url.origin)) return true;
  return redirects.some((place) => {
    const { origin, pathname } = new URL(place);
    return origin === url.origin && url.pathname.startsWith(pathname);
  });
}
