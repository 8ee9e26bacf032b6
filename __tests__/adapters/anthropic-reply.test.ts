import { describe, expect, test } from '@jest/globals';
import { INVALID_JSON_KEY } from '../../src/adapters/anthropic-reply.ts';
import type { Message, ToolUseBlock } from '../../src/messages.ts';
import { worstCaseNanoUsd } from '../../src/money/price-usage.ts';
import { priceOf } from '../../src/money/prices.ts';
import { noUsage } from '../../src/money/usage.ts';
import { call, say, text, thinking } from '../../testbed/model/script.ts';
import { bench, request, whole } from './anthropic-bench.ts';

describe('a reply', () => {
  test('comes with its text, its calls, its stop reason and its price', async () => {
    const { model, server: bed } = await bench([
      { ...say('Let me look.', call('read', { path: 'a → b', lines: [1, 2] })), outputTokens: 40 },
    ]);
    const reply = whole(await model.send(request));
    expect(reply.content).toEqual([
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_use', id: expect.stringMatching(/^toolu_/), name: 'read', input: { path: 'a → b', lines: [1, 2] } },
    ]);
    expect(reply.stopReason).toBe('tool_use');
    const inputTokens = bed.requests[0]?.inputUsage.input_tokens ?? 0;
    expect(inputTokens).toBeGreaterThan(0);
    expect(reply.usage).toEqual({
      ...noUsage,
      requests: 1,
      inputTokens,
      outputTokens: 40,
      costNanoUsd: inputTokens * 2_000 + 40 * 10_000,
    });
  });

  test('that ran in the US alone costs a tenth more, and no more than was reserved for it', async () => {
    const { model, server: bed } = await bench([{ ...say('Words.'), outputTokens: 1_000, inferenceGeo: 'us' }]);
    const { costNanoUsd } = whole(await model.send({ ...request, maxTokens: 1_000 })).usage;
    const inputTokens = bed.requests[0]?.inputUsage.input_tokens ?? 0;
    expect(costNanoUsd).toBe(Math.ceil((inputTokens * 2_000 + 1_000 * 10_000) * 1.1));
    const price = priceOf(request.model);
    const reserved = price && worstCaseNanoUsd(price, { inputUpperTokens: inputTokens, maxTokens: 1_000 });
    expect(costNanoUsd).toBeLessThanOrEqual(reserved ?? 0);
  });

  test.each([
    ['end_turn', 'end_turn'],
    ['max_tokens', 'max_tokens'],
    ['refusal', 'refusal'],
    ['model_context_window_exceeded', 'context_exceeded'],
    ['pause_turn', 'other'],
  ])('that stops with %p is told apart as %p', async (wire, ours) => {
    const { model } = await bench([{ ...say('Words.'), stopReason: wire }]);
    expect(whole(await model.send(request)).stopReason).toBe(ours);
  });

  test('goes back with its thinking unchanged and in place, which the service checks', async () => {
    const { model, server: bed } = await bench([
      say(thinking('First I read.'), text('Reading.'), thinking(''), call('read', { path: 'x' })),
      say('Done.'),
    ]);
    const first = whole(await model.send(request));
    expect(first.content.map(({ type }) => type)).toEqual(['opaque', 'text', 'opaque', 'tool_use']);
    const asked = first.content.find((block): block is ToolUseBlock => block.type === 'tool_use');
    const messages: Message[] = [
      ...request.messages,
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', toolUseId: asked?.id ?? '', content: '', isError: true }],
      },
    ];
    const second = whole(await model.send({ ...request, messages }));
    expect(second.content).toEqual([{ type: 'text', text: 'Done.' }]);
    expect(bed.requests[1]?.request.lastResults).toEqual([{ toolUseId: asked?.id, content: '', isError: true }]);
    expect(bed.refusals).toEqual([]);
  });

  test.each(['{"path": "src/a', '"words"', '[1]'])(
    'whose call has the input %p carries it as invalid JSON',
    async (json) => {
      const { model } = await bench([say({ type: 'tool_use', name: 'read', json })]);
      const [block] = whole(await model.send(request)).content;
      expect(block).toMatchObject({ type: 'tool_use', name: 'read', input: { [INVALID_JSON_KEY]: json } });
    },
  );

  test('with a call without input has an empty object', async () => {
    const { model } = await bench([say({ type: 'tool_use', name: 'read', json: '' })]);
    expect(whole(await model.send(request)).content).toMatchObject([{ type: 'tool_use', input: {} }]);
  });

  test('is not missed when the connection breaks after its last event', async () => {
    const events = 8; // start, ping, block start, two deltas, block stop, delta, stop
    const { model, retries } = await bench([
      { ...say('ok'), fault: { kind: 'disconnect', afterEvents: events } },
      say('never asked for'),
    ]);
    expect(whole(await model.send(request)).content).toEqual([{ type: 'text', text: 'ok' }]);
    expect(retries).toEqual([]);
  });
});
