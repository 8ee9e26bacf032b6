// The adapter of chat completions on the scripted servers: what its tests share.
import { afterEach } from '@jest/globals';
import { createOpenAiModel, type OpenAiModelOptions } from '../../src/adapters/openai-model.ts';
import { priceOf, type PriceOverrides } from '../../src/money/prices.ts';
import type { Model, ModelRequest } from '../../src/ports.ts';
import { inOrder, type Turn } from '../../testbed/model/script.ts';
import type { Flavour } from '../../testbed/openai/flavours.ts';
import { startChatServer, type ChatServer } from '../../testbed/openai/server.ts';
import { fastClock, request as base, type Retry } from './anthropic-bench.ts';

let server: ChatServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const free = { inputUsd: 0, outputUsd: 0, cacheReadUsd: 0, cacheWriteUsd: 0 };
/** Local models have prices by configuration only. */
export const prices: PriceOverrides = {
  'qwen3-coder:30b': { ...free, inputUsd: 1, outputUsd: 2 },
  'Qwen/Qwen3-Coder-30B': free,
  'gpt-6.2-sol': free,
  'gpt-4.1': free,
  'gpt-0': free,
};

export interface ChatBench {
  readonly model: Model;
  readonly server: ChatServer;
  readonly retries: Retry[];
  /** Models whose usage was estimated, as told. */
  readonly estimated: string[];
  /** A request for the flavour's first model. */
  readonly request: ModelRequest;
}

/**
 * A model on a server that plays these turns in every conversation; the server ends with the test.
 * @param path put behind the address, to miss the server's
 */
export async function chatBench(
  flavour: Flavour,
  turns: readonly Turn[],
  more: Partial<OpenAiModelOptions> = {},
  path = '',
): Promise<ChatBench> {
  const started = await startChatServer({ flavour, script: inOrder(...turns), apiKey: 'sk-test' });
  server = started;
  const retries: Retry[] = [];
  const estimated: string[] = [];
  const model = createOpenAiModel({
    provider: flavour.name === 'openai' ? 'openai' : 'openai-compatible',
    apiKey: 'sk-test',
    baseUrl: `${started.url}${path}`,
    clock: fastClock(50),
    priceOf: (name) => priceOf(name, prices),
    chance: () => 0,
    onRetry: (attempt, reason, delayMs) => retries.push({ attempt, reason, delayMs }),
    onEstimated: (name) => estimated.push(name),
    ...more,
  });
  const request = { ...base, model: Object.keys(flavour.models)[0] ?? '' };
  return { model, server: started, retries, estimated, request };
}
