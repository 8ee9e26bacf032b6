import { describe, expect, test } from '@jest/globals';
import { noUsage } from '../../src/money/usage.ts';
import { call, fail, say, type Turn } from '../../testbed/model/script.ts';
import { ollama, openai, vllm } from '../../testbed/openai/flavours.ts';
import { failed, fastClock, user, whole } from './anthropic-bench.ts';
import { chatBench } from './openai-bench.ts';

describe('what passes is tried again', () => {
  test('an overloaded service that recovers costs only the reply that came', async () => {
    const { model, request, retries } = await chatBench(openai, [
      fail(503),
      fail(500),
      fail(408),
      fail(429),
      say('ok'),
    ]);
    expect(whole(await model.send(request)).usage.requests).toBe(1);
    expect(retries).toHaveLength(4);
  });

  test('after the time that the service names', async () => {
    const turns = [fail(429, { headers: { 'retry-after': '3' } }), say('ok')];
    const { model, request, retries } = await chatBench(openai, turns);
    whole(await model.send(request));
    expect(retries.map(({ delayMs }) => delayMs)).toEqual([3_000]);
  });

  test.each(['disconnect', 'end', 'stall', 'error'] as const)(
    'a stream that breaks by %p is thrown away whole, and paid for at its worst case',
    async (kind) => {
      const broken = { ...say('half a', call('read', {})), fault: { kind, afterEvents: 3 } };
      const turns = [broken, { ...say('whole'), outputTokens: 7 }];
      const { model, request, retries } = await chatBench(openai, turns, { clock: fastClock(100) });
      const reply = whole(await model.send(request));
      expect(reply.content).toEqual([{ type: 'text', text: 'whole' }]);
      expect(retries).toHaveLength(1);
      // The server said nothing of usage before the break: the bound of the input, written to the cache, and all output.
      expect(reply.usage).toMatchObject({ requests: 2, cacheWriteTokens: 5_000, outputTokens: 1_007 });
      expect(reply.contextTokens).toBeLessThan(5_000);
    },
  );

  test('a reply that was whole but for its end mark is kept', async () => {
    // Role, one text, the end: the chunk with the usage does not come.
    const { model, request, estimated } = await chatBench(openai, [
      { ...say('x'), fault: { kind: 'end', afterEvents: 3 } },
    ]);
    expect(whole(await model.send(request)).content).toEqual([{ type: 'text', text: 'x' }]);
    expect(estimated).toEqual([request.model]);
  });

  test('a service that never answers is given up after the time for a first event', async () => {
    const turns: Turn[] = [{ kind: 'silence' }, say('ok')];
    const { model, request, retries } = await chatBench(openai, turns, { clock: fastClock(100) });
    whole(await model.send(request));
    expect(retries).toMatchObject([{ reason: 'the stream fell silent' }]);
  });

  test('ten tries are made, not one more', async () => {
    const { model, request, server } = await chatBench(openai, Array<Turn>(12).fill(fail(500)));
    expect(failed(await model.send(request))).toMatchObject({ reason: 'overloaded', usage: noUsage });
    expect(server.requests).toHaveLength(10);
  });

  test('where nobody ever answered it is given up with the address', async () => {
    const { model, request, server } = await chatBench(openai, []);
    await server.close();
    const reply = failed(await model.send(request));
    expect(reply).toMatchObject({ reason: 'network', usage: noUsage });
    expect(reply.message).toContain(`no connection to ${server.url} (is the address right?)`);
  });

  test('a stop ends it at once, for nothing', async () => {
    const { model, request } = await chatBench(openai, [{ kind: 'silence' }]);
    expect(failed(await model.send(request, AbortSignal.abort()))).toMatchObject({ reason: 'aborted', usage: noUsage });
  });
});

describe('what does not pass is told at once', () => {
  const shownOf = async (turn: Turn) => {
    const { model, request, retries } = await chatBench(openai, [turn]);
    const reply = failed(await model.send(request));
    expect(retries).toEqual([]);
    expect(reply.usage).toEqual(noUsage);
    return reply;
  };

  test('a key that is refused', async () => {
    const { model, request } = await chatBench(openai, [say('ok')], { apiKey: 'sk-other' });
    const reply = failed(await model.send(request));
    expect(reply).toMatchObject({ reason: 'auth', usage: noUsage });
    expect(reply.message).toContain('Incorrect API key');
  });

  test.each([openai, ollama, vllm])('a model that $name does not have', async (flavour) => {
    const { model, request } = await chatBench(flavour, [say('ok')]);
    expect(failed(await model.send({ ...request, model: 'gpt-0' }))).toMatchObject({ reason: 'unknown-model' });
  });

  test.each([
    ['although its status is that of a rate limit', fail(429, { errorCode: 'insufficient_quota' })],
    ['by its own status', fail(402)],
  ])('credit that is used up, %s', async (_, turn) => {
    expect(await shownOf(turn)).toMatchObject({ reason: 'spend-limit' });
  });

  test('a region or project that may not use the model', async () => {
    expect(await shownOf(fail(403))).toMatchObject({ reason: 'auth' });
  });

  test('an address where nobody speaks chat completions', async () => {
    const { model, request, server } = await chatBench(vllm, [], {}, '/nowhere');
    const reply = failed(await model.send(request));
    expect(reply).toMatchObject({ reason: 'invalid-request', usage: noUsage });
    expect(reply.message).toContain(`no chat completions at ${server.url}/nowhere; check \`base-url\``);
  });

  test('a model that cannot have tools, with the advice to choose another', async () => {
    const { model, request } = await chatBench(openai, [say('ok')]);
    const reply = failed(await model.send({ ...request, model: 'gpt-6.2-sol' }));
    expect(reply).toMatchObject({ reason: 'invalid-request', usage: noUsage });
    expect(reply.message).toContain('choose another `model`');
  });

  test('a prompt that is too long is a reply that stopped for it', async () => {
    const { model, request } = await chatBench(vllm, [say('ok')]);
    const reply = whole(await model.send({ ...request, messages: [user('word '.repeat(40_000))] }));
    expect(reply).toMatchObject({ stopReason: 'context_exceeded', content: [], usage: noUsage });
    // The server said how much it holds: conversations are compacted in time from then on.
    expect(model.contextWindowTokens?.(request.model)).toBe(32_768);
  });
});
