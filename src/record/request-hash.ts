// The name of a model request, equal for equal requests, also after its texts went through the journal; and what it is made
// of, so that two that differ can be told apart by their parts.
import { createHash } from 'node:crypto';
import type { RequestPart } from '../events.ts';
import type { Message } from '../messages.ts';
import type { ModelRequest } from '../ports.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface RequestNames {
  /**
   * sha256 (hex). Limits on the output are left out, as they depend on what money is left. Each message is read once,
   * however often it is sent again: a turn costs as much as what is new in it.
   */
  hashOf(request: ModelRequest): string;
  /** The parts that this agent has not sent before, in their order. */
  newParts(agent: string, request: ModelRequest): readonly RequestPart[];
}

export interface RequestNamesOptions {
  /** What the journal does to every string. */
  readonly clean: (text: string) => string;
  /** Told once of the text of each part that is no message. */
  readonly onText: (digest: string, text: string) => void;
}

export function createRequestNames({ clean, onText }: RequestNamesOptions): RequestNames {
  const textOf = (value: unknown): string =>
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? clean(part) : part)) ?? '';
  const digestOnce = createDigestOnce(textOf);
  const systems = new Map<string, string>();
  const systemDigest = (system: string): string => {
    const digest = systems.get(system) ?? sha256(system);
    systems.set(system, digest);
    return digest;
  };
  const partsOf = (request: ModelRequest): readonly NamedPart[] => {
    const { model, system, tools, toolChoice, messages, sharedPrefixMessages, outputSchema, effort } = request;
    const settings = JSON.stringify([model, toolChoice, sharedPrefixMessages, effort]);
    return [
      { name: 'settings', digest: settings, text: () => settings },
      { name: 'system prompt', digest: systemDigest(system), text: () => clean(system) },
      { name: 'tools', digest: digestOnce(tools), text: () => textOf(tools) },
      {
        name: 'schema',
        digest: outputSchema === null ? '' : digestOnce(outputSchema),
        text: () => textOf(outputSchema),
      },
      ...messages.map((message: Message, i) => ({ name: `message ${i + 1}`, digest: digestOnce(message), text: null })),
    ];
  };
  const told = new Set<string>();
  const sent = new Map<string, Set<string>>();
  return {
    hashOf: (request) =>
      sha256(
        partsOf(request)
          .map(({ digest }) => digest)
          .join('\n'),
      ),
    newParts: (agent, request) => {
      const before = sent.get(agent) ?? new Set();
      sent.set(agent, before);
      return partsOf(request).flatMap(({ name, digest: whole, text }) => {
        const digest = shortOf(whole);
        const key = `${name} ${digest}`;
        if (before.has(key)) return [];
        before.add(key);
        if (text !== null && !told.has(digest)) {
          told.add(digest);
          onText(digest, text());
        }
        return [{ name, digest }];
      });
    },
  };
}

interface NamedPart extends RequestPart {
  /** Null for a message: other events have its text. */
  readonly text: (() => string) | null;
}

const shortOf = (digest: string): string => (/^[0-9a-f]{64}$/.test(digest) ? digest : sha256(digest)).slice(0, 16);

/** Digests by object: messages, tools and schemas are the same objects whenever they are sent again. */
function createDigestOnce(textOf: (value: unknown) => string): (value: object) => string {
  const known = new WeakMap<object, string>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const digest = sha256(textOf(value));
    known.set(value, digest);
    return digest;
  };
}
