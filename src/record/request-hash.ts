// The name of a model request: equal for equal requests, also after its texts went through the journal.
import { createHash } from 'node:crypto';
import type { Message } from '../messages.ts';
import type { ModelRequest } from '../ports.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * A function that names requests by sha256 (hex). Limits on the output are left out, as they depend on what money is
 * left. Each message is read once, however often it is sent again: a turn costs as much as what is new in it.
 * @param clean what the journal does to every string
 */
export function createRequestHash(clean: (text: string) => string): (request: ModelRequest) => string {
  const digestOf = (value: unknown): string =>
    sha256(JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? clean(part) : part)) ?? '');
  const known = new WeakMap<object, string>();
  const digestOnce = (value: object): string => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const digest = digestOf(value);
    known.set(value, digest);
    return digest;
  };
  const systems = new Map<string, string>();
  const systemDigest = (system: string): string => {
    const digest = systems.get(system) ?? sha256(system);
    systems.set(system, digest);
    return digest;
  };
  return ({ model, system, tools, toolChoice, messages, sharedPrefixMessages, outputSchema, effort }) => {
    const parts = [
      JSON.stringify([model, toolChoice, sharedPrefixMessages, effort]),
      systemDigest(system),
      digestOnce(tools),
      outputSchema === null ? '' : digestOnce(outputSchema),
      ...messages.map((message: Message) => digestOnce(message)),
    ];
    return sha256(parts.join('\n'));
  };
}
