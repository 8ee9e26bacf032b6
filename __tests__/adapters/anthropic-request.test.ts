import { describe, expect, test } from '@jest/globals';
import type { Message, ToolUseBlock } from '../../src/messages.ts';
import { priceOf } from '../../src/money/prices.ts';
import { call, say } from '../../testbed/model/script.ts';
import { bench, request, user, whole } from './anthropic-bench.ts';

describe('the request', () => {
  test('carries cache marks on system, shared prefix and end, and later where the previous request ended', async () => {
    const big = 'word '.repeat(2_000);
    const { model, server: bed } = await bench([say(call('read', {})), say('Done.')]);
    const shared = { ...request, system: big, messages: [user(`${big}issue`), user('Do TASK-001.')] };
    const first = whole(await model.send(shared));
    // Blocks: tool, system, shared message, own message.
    expect(bed.requests[0]).toMatchObject({ marks: [1, 2, 3], blocks: 4 });
    const asked = first.content.find((block): block is ToolUseBlock => block.type === 'tool_use');
    const results = { type: 'tool_result', toolUseId: asked?.id ?? '', content: 'bytes', isError: false } as const;
    const messages: Message[] = [
      ...shared.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [results] },
    ];
    const second = whole(await model.send({ ...shared, messages }));
    expect(bed.requests[1]).toMatchObject({ marks: [1, 2, 3, 5], blocks: 6 });
    expect(second.usage.cacheReadTokens).toBe(first.usage.cacheWriteTokens);
    expect(second.usage.inputTokens).toBe(0);
  });

  test('of a second agent reads what the first wrote of the shared prefix', async () => {
    const big = 'word '.repeat(2_000);
    const { model, server: bed } = await bench([say('One.')]);
    const opening = user(`${big}issue`);
    await model.send({ ...request, messages: [opening, user('Do TASK-001.')] });
    await model.send({ ...request, messages: [opening, user('Do TASK-002.')] });
    expect(bed.requests[1]?.inputUsage.cache_read_input_tokens).toBeGreaterThan(2_000);
  });

  test('forbids tools without leaving them out', async () => {
    const { model, server: bed } = await bench([say('Plain.')]);
    await model.send({ ...request, toolChoice: 'none' });
    expect(bed.requests[0]?.request).toMatchObject({ toolChoice: 'none', toolNames: ['read'] });
  });

  test('asks for effort and JSON by a schema where the model knows them', async () => {
    const outputSchema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
    const { model, server: bed } = await bench([say('{}')]);
    await model.send({ ...request, outputSchema, effort: 'high' });
    expect(bed.requests[0]?.request).toMatchObject({ effort: 'high', outputSchema });
  });

  test('to an older model leaves effort out and asks for no more output than it has', async () => {
    const { model, server: bed } = await bench([say('ok')]);
    await model.send({ ...request, model: 'claude-haiku-4-5', maxTokens: 128_000 });
    expect(bed.requests[0]?.request).toMatchObject({ effort: null, maxTokens: 64_000 });
    expect(bed.refusals).toEqual([]);
  });

  test('to a model without schemas has the schema in words', async () => {
    const listed = priceOf('claude-sonnet-5-5');
    const { model, server: bed } = await bench([say('{}')], {
      priceOf: () => listed && { ...listed, supportsOutputSchema: false },
    });
    await model.send({ ...request, outputSchema: { type: 'object', title: 'Plan' } });
    expect(bed.requests[0]?.request.outputSchema).toBeNull();
    expect(bed.requests[0]?.request.lastText).toContain('"title":"Plan"');
  });
});
