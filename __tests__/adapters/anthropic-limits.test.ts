import { describe, expect, test } from '@jest/globals';
import { priceOf } from '../../src/money/prices.ts';
import { say } from '../../testbed/model/script.ts';
import { startModelServer } from '../../testbed/model/server.ts';
import { createAnthropicModel } from '../../src/adapters/anthropic-model.ts';
import { bench, fastClock, request, user, whole } from './anthropic-bench.ts';

/** A model that is known by the user's price only. */
const unlisted = (model: string) => {
  const listed = priceOf('claude-sonnet-5-5');
  return (
    listed && {
      ...listed,
      model,
      contextWindowTokens: 200_000,
      maxOutputTokens: 32_000,
      supportsEffort: false,
      supportsOutputSchema: false,
    }
  );
};

describe('sizes and features of a model', () => {
  test('come from the table until the service says them, and then from the service', async () => {
    const { model, server: bed } = await bench([say('One.'), say('Two.')], { priceOf: unlisted });
    const many = { ...request, maxTokens: 128_000, effort: 'high' } as const;
    expect(model.contextWindowTokens?.(many.model)).toBe(200_000);
    await model.send(many);
    while (model.contextWindowTokens?.(many.model) === 200_000) await new Promise((resolve) => setTimeout(resolve, 1));
    await model.send(many);
    expect(model.contextWindowTokens?.(many.model)).toBe(1_000_000);
    expect(bed.requests.map(({ request: { maxTokens, effort } }) => [maxTokens, effort])).toEqual([
      [32_000, null],
      [128_000, 'high'],
    ]);
  });

  test('are asked for once, beside the first reply', async () => {
    const { model, server: bed } = await bench([say('One.'), say('Two.'), say('Three.')]);
    for (let i = 0; i < 3; i++) await model.send(request);
    expect(bed.lookups).toEqual([{ path: `/v1/models/${request.model}`, afterRequests: 1 }]);
  });

  test.each([
    [null],
    [{}],
    [{ max_tokens: 'many', max_input_tokens: -1, capabilities: null }],
    [{ capabilities: { effort: null, structured_outputs: 'yes' } }],
  ])('stay those of the table where the service says %j, and nobody is told', async (modelInfo) => {
    const bed = await startModelServer({ script: () => say('ok'), modelInfo });
    const retries: string[] = [];
    const model = createAnthropicModel({
      apiKey: 'k',
      baseUrl: bed.url,
      clock: fastClock(50),
      priceOf: (name) => priceOf(name),
      onRetry: (_attempt, reason) => retries.push(reason),
    });
    await model.send(request);
    while (bed.lookups.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    whole(await model.send({ ...request, messages: [user('Again.')] }));
    expect(bed.requests[1]?.request).toMatchObject({ effort: request.effort, maxTokens: request.maxTokens });
    expect(model.contextWindowTokens?.('claude-haiku-4-5')).toBe(200_000);
    expect(model.contextWindowTokens?.(request.model)).toBe(1_000_000);
    expect(retries).toEqual([]);
    await bed.close();
  });
});

describe('a count of tokens', () => {
  test('is what the service says and a twentieth more, far under one for each byte', async () => {
    const { model, server: bed } = await bench([say('ok')]);
    const long = { ...request, messages: [user('word '.repeat(4_000))] };
    const counted = await model.countTokens?.(long);
    await model.send(long);
    const input = bed.requests[0]?.inputUsage;
    const billed = (input?.input_tokens ?? 0) + (input?.cache_creation_input_tokens ?? 0);
    expect(billed).toBeGreaterThan(4_000);
    expect(counted).toBe(Math.ceil(billed * 1.05));
    expect(counted).toBeLessThan(20_000 / 2);
  });

  test('is none where the service refuses, is gone, or has no price', async () => {
    const { model, server: bed } = await bench([], { priceOf: (name) => (name === 'free' ? null : unlisted(name)) });
    expect(await model.countTokens?.({ ...request, model: 'unknown-model' })).toBeNull();
    expect(await model.countTokens?.({ ...request, model: 'free' })).toBeNull();
    await bed.close();
    expect(await model.countTokens?.(request)).toBeNull();
  });
});
