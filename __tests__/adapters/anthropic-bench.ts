// The adapter on the scripted model server: what its tests share.
import { afterEach } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { createAnthropicModel, type AnthropicModelOptions } from '../../src/adapters/anthropic-model.ts';
import type { Message } from '../../src/messages.ts';
import { priceOf } from '../../src/money/prices.ts';
import type { Clock, Model, ModelReply, ModelRequest } from '../../src/ports.ts';
import { inOrder, type Turn } from '../../testbed/model/script.ts';
import { startModelServer, type ModelServer } from '../../testbed/model/server.ts';

let server: ModelServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

export interface Retry {
  readonly attempt: number;
  readonly reason: string;
  readonly delayMs: number;
}

export interface Bench {
  readonly model: Model;
  readonly server: ModelServer;
  readonly retries: Retry[];
}

/** A model on a server that plays these turns in every conversation; the server ends with the test. */
export async function bench(turns: readonly Turn[], more: Partial<AnthropicModelOptions> = {}): Promise<Bench> {
  const started = await startModelServer({ script: inOrder(...turns), apiKey: 'sk-test' });
  server = started;
  const retries: Retry[] = [];
  const model = createAnthropicModel({
    apiKey: 'sk-test',
    baseUrl: started.url,
    clock: fastClock(50),
    priceOf: (name) => priceOf(name),
    chance: () => 0,
    onRetry: (attempt, reason, delayMs) => retries.push({ attempt, reason, delayMs }),
    ...more,
  });
  return { model, server: started, retries };
}

/** A clock that runs so many times faster than the machine's: waits of minutes can be tested as they are. */
export function fastClock(speed: number): Clock {
  const startedAt = performance.now();
  return {
    now: () => (performance.now() - startedAt) * speed,
    sleep: (ms, signal) => wait(Math.ceil(ms / speed), undefined, signal === undefined ? {} : { signal }),
  };
}

export const user = (words: string): Message => ({ role: 'user', content: [{ type: 'text', text: words }] });

export const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  maxTokens: 1_000,
  system: 'You build.',
  tools: [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object', properties: {} } }],
  toolChoice: 'auto',
  messages: [user('The issue.'), user('Do TASK-001.')],
  sharedPrefixMessages: 0,
  outputSchema: null,
  effort: 'medium',
  inputUpperTokens: 5_000,
};

export function whole(reply: ModelReply): Extract<ModelReply, { kind: 'reply' }> {
  if (reply.kind !== 'reply') throw new Error(`failed: ${reply.message}`);
  return reply;
}

export function failed(reply: ModelReply): Extract<ModelReply, { kind: 'failed' }> {
  if (reply.kind !== 'failed') throw new Error('it did not fail');
  return reply;
}
