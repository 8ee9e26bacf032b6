import { afterEach, describe, expect, test } from '@jest/globals';
import type { Message } from '../../src/messages.ts';
import { escalationJsonSchema } from '../../src/plan/escalate.ts';
import { planReplyJsonSchema } from '../../src/plan/plan-reply.ts';
import { reviewJsonSchema } from '../../src/plan/review.ts';
import { call, say } from '../../testbed/model/script.ts';
import { ollama, openai, vllm } from '../../testbed/openai/flavours.ts';
import { user, whole } from './anthropic-bench.ts';
import { chatBench } from './openai-bench.ts';

const outputSchema = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

describe('the request', () => {
  test('to a reasoning model of OpenAI has no sampling parameter and the newer name of the output limit', async () => {
    const { model, server, request } = await chatBench(openai, [say('ok')], { cacheKey: 'run-1' });
    whole(await model.send({ ...request, model: 'gpt-5.1' }));
    expect(server.refusals).toEqual([]);
    const body = server.requests[0]?.body;
    expect(body).toMatchObject({
      max_completion_tokens: 1_000,
      reasoning_effort: 'medium',
      stream_options: { include_usage: true },
      prompt_cache_key: 'run-1',
    });
    expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['temperature']));
    expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['max_tokens']));
  });

  test('to another server has the older name, no cache key and no effort', async () => {
    const { model, server, request } = await chatBench(vllm, [say('ok')], { cacheKey: 'run-1' });
    whole(await model.send(request));
    const body = server.requests[0]?.body;
    expect(body).toMatchObject({ max_tokens: 1_000 });
    expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['prompt_cache_key']));
    expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining(['reasoning_effort']));
  });

  test('says once that a model with tools shall not think, where thinking is refused, and remembers it', async () => {
    const { model, server, request, retries } = await chatBench(openai, [say('ok')]);
    const first = whole(await model.send(request));
    whole(await model.send({ ...request, messages: [user('Another.')] }));
    expect(server.refusals.map(({ param }) => param)).toEqual(['reasoning_effort']);
    expect(server.requests.map(({ body }) => body.reasoning_effort)).toEqual(['none', 'none']);
    // A refused request costs nothing and is no try.
    expect([first.usage.requests, retries]).toEqual([1, []]);
  });

  test('for a plain answer leaves the tools out where the model then may think', async () => {
    const { model, server, request } = await chatBench(openai, [say('ok')]);
    whole(await model.send({ ...request, toolChoice: 'none', effort: 'high' }));
    expect(server.requests[0]?.request).toMatchObject({ effort: 'high', toolNames: [] });
  });

  test('for a plain answer keeps the tools where calls were made before', async () => {
    const { model, server, request } = await chatBench(openai, [say('Summary.')]);
    const messages: Message[] = [
      ...request.messages,
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'read', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: 'c1', content: 'bytes', isError: false }] },
    ];
    whole(await model.send({ ...request, messages, toolChoice: 'none', model: 'gpt-5.1' }));
    expect(server.requests[0]?.request).toMatchObject({ toolChoice: 'none', toolNames: ['read'] });
  });

  test('answers calls right after them and in their order, then says what the user adds', async () => {
    const turns = [say('Reading.', call('read', { paths: ['a'] }), call('read', { paths: ['b'] })), say('Done.')];
    const { model, server, request } = await chatBench(vllm, turns);
    const first = whole(await model.send(request));
    const ids = first.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    const [a = '', b = ''] = ids;
    const messages: Message[] = [
      ...request.messages,
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [
          { type: 'tool_result', toolUseId: b, content: 'no such file', isError: true },
          { type: 'text', text: 'Ten turns are left.' },
          { type: 'tool_result', toolUseId: a, content: 'bytes', isError: false },
        ],
      },
    ];
    whole(await model.send({ ...request, messages }));
    expect(server.refusals).toEqual([]);
    expect(server.requests[1]?.body.messages.slice(2)).toEqual([
      {
        role: 'assistant',
        content: 'Reading.',
        tool_calls: [
          { id: a, type: 'function', function: { name: 'read', arguments: '{"paths":["a"]}' } },
          { id: b, type: 'function', function: { name: 'read', arguments: '{"paths":["b"]}' } },
        ],
      },
      { role: 'tool', tool_call_id: a, content: 'bytes' },
      { role: 'tool', tool_call_id: b, content: 'Error: no such file' },
      { role: 'user', content: 'Ten turns are left.' },
    ]);
  });

  test('joins words of one side in a row, as templates of local models take only alternating roles', async () => {
    const { model, server, request } = await chatBench(vllm, [say('ok')]);
    whole(await model.send({ ...request, messages: [user('One.'), user('Two.')] }));
    expect(server.requests[0]?.body.messages.slice(1)).toEqual([{ role: 'user', content: 'One.\n\nTwo.' }]);
  });

  test('asks for no more output than a server says it has room for', async () => {
    const { model, server, request } = await chatBench(vllm, [say('ok')]);
    whole(await model.send({ ...request, system: 'word '.repeat(2_000), maxTokens: 32_000 }));
    expect(server.refusals).toHaveLength(1);
    const asked = server.requests[0]?.body.max_tokens ?? 0;
    expect(asked).toBeLessThan(31_000);
    expect(asked).toBeGreaterThan(29_000);
  });
});

describe('a reply in the shape of a schema', () => {
  const textOf = (content: readonly unknown[]): unknown => Object(content[0]).text;

  test('is asked for by a strict schema where that is taken', async () => {
    const { model, server, request } = await chatBench(openai, [say('{"a":"b"}')]);
    whole(await model.send({ ...request, outputSchema, toolChoice: 'none' }));
    expect(server.requests[0]?.body.response_format).toMatchObject({ json_schema: { strict: true } });
  });

  test.each([
    ['a plan', planReplyJsonSchema],
    ['an escalation', escalationJsonSchema],
    ['a review', reviewJsonSchema],
  ])('that %s is asked by is one that strict mode takes', async (_, schema) => {
    const { model, server, request } = await chatBench(openai, [say('{"a":"b"}')]);
    whole(await model.send({ ...request, outputSchema: schema(), toolChoice: 'none', model: 'gpt-5.1' }));
    expect(server.refusals).toEqual([]);
  });

  test('is asked for in words where schemas are refused, from then on at once', async () => {
    const { model, server, request } = await chatBench(vllm, [say('{"a":"b"}')]);
    for (const words of ['One.', 'Two.'])
      whole(await model.send({ ...request, messages: [user(words)], outputSchema, toolChoice: 'none' }));
    expect(server.refusals).toHaveLength(1);
    expect(server.requests.map(({ body }) => body.response_format)).toEqual([
      { type: 'json_object' },
      { type: 'json_object' },
    ]);
    expect(server.requests[0]?.request.outputSchema).toEqual(outputSchema);
  });

  test('is taken out of what a server puts around it, and asked for in words the next time', async () => {
    const { model, server, request } = await chatBench(ollama, [say('{"a":"b"}')]);
    const send = (words: string) =>
      model.send({ ...request, messages: [user(words)], outputSchema, toolChoice: 'none' });
    expect(textOf(whole(await send('One.')).content)).toBe('{"a":"b"}');
    expect(textOf(whole(await send('Two.')).content)).toBe('{"a":"b"}');
    whole(await send('Three.'));
    const formats = server.requests.map(({ body }) => body.response_format?.type ?? 'none');
    expect(formats).toEqual(['json_schema', 'json_object', 'none']);
    expect(server.requests[2]?.request.lastText).toContain('JSON schema');
  });

  test('of a schema that strict mode refuses is asked for otherwise', async () => {
    const { model, server, request } = await chatBench(openai, [say('{}')]);
    const loose = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false };
    whole(await model.send({ ...request, outputSchema: loose, toolChoice: 'none', model: 'gpt-5.1' }));
    expect(server.requests[0]?.body.response_format).toEqual({ type: 'json_object' });
  });
});

describe('the environment', () => {
  const set = { OPENAI_API_KEY: 'sk-env', OPENAI_BASE_URL: 'http://127.0.0.1:9', OPENAI_CUSTOM_HEADERS: '' };
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('is not read: neither address nor key nor headers', async () => {
    Object.assign(process.env, { ...set, OPENAI_CUSTOM_HEADERS: 'authorization: Bearer sk-env' });
    const { model, request } = await chatBench(openai, [say('ok')]);
    expect(whole(await model.send(request)).stopReason).toBe('end_turn');
  });
});
