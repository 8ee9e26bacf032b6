// Which requests share a cached prefix.
import type { Message } from '../messages.ts';
import type { ModelRequest } from '../ports.ts';

/**
 * No service caches a prefix of fewer than 512 tokens (the least that any model's page names), and four bytes make a
 * token of common text. Calls with a shorter one gain nothing by waiting for each other.
 */
const MIN_CACHED_CHARS = 2_000;

/**
 * All that stands before an agent's own words, and what the cache depends on besides: model, effort, tool choice, schema.
 * @returns the same text for requests with the same prefix; null where nothing of it would be cached
 */
export function prefixKey(request: ModelRequest): string | null {
  const shared = request.messages.slice(0, request.sharedPrefixMessages + 1);
  const texts = [jsonOf(request.tools), request.system, ...shared.map(jsonOf)];
  if (texts.reduce((sum, text) => sum + text.length, 0) < MIN_CACHED_CHARS) return null;
  return [request.model, request.toolChoice, request.effort, jsonOf(request.outputSchema ?? {}), ...texts].join('\n');
}

/** Tools and shared messages are the same objects for a whole run, so each is written out once. */
const written = new WeakMap<object, string>();

function jsonOf(value: Message | ModelRequest['tools'] | Readonly<Record<string, unknown>>): string {
  const known = written.get(value);
  if (known !== undefined) return known;
  const json = JSON.stringify(value);
  written.set(value, json);
  return json;
}
