// Stands in for `undici` in our bundles. Only the Actions toolkit's own HTTP client imports it, for proxies, and we use
// neither: requests go through node's fetch. Left in, it is half a megabyte that every start parses.

/** @throws always: nothing of ours may come here. */
export function ProxyAgent() {
  throw new Error('The HTTP client of the Actions toolkit is not part of this bundle.');
}

export const { fetch } = globalThis;
