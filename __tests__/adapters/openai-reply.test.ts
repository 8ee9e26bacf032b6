import { describe, expect, test } from '@jest/globals';
import { readChunk } from '../../src/adapters/openai-chunks.ts';
import { startChat } from '../../src/adapters/openai-reply.ts';
import { argumentsOf, objectIn } from '../../src/adapters/openai-json.ts';
import { call, say, thinking } from '../../testbed/model/script.ts';
import { ollama, openai, vllm } from '../../testbed/openai/flavours.ts';
import { user, whole } from './anthropic-bench.ts';
import { chatBench } from './openai-bench.ts';

const calls = [call('read', { paths: ['ä', 'b\n'] }), call('bash', { command: 'ls' })];

describe('a reply', () => {
  test.each([openai, ollama, vllm])('with calls is the same from $name', async (flavour) => {
    const { model, request } = await chatBench(flavour, [say('I look.', ...calls)]);
    const reply = whole(await model.send(request));
    expect(reply.stopReason).toBe('tool_use');
    expect(reply.content).toMatchObject([
      { type: 'text', text: 'I look.' },
      { type: 'tool_use', name: 'read', input: { paths: ['ä', 'b\n'] } },
      { type: 'tool_use', name: 'bash', input: { command: 'ls' } },
    ]);
    const ids = reply.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    expect(new Set(ids).size).toBe(2);
  });

  test.each([ollama, vllm])('from $name is freed of thinking aloud', async (flavour) => {
    const { model, request } = await chatBench(flavour, [say(thinking('Hm {'), 'Done.')]);
    expect(whole(await model.send(request)).content).toEqual([{ type: 'text', text: 'Done.' }]);
  });

  test.each([
    ['max_tokens', 'max_tokens'],
    ['refusal', 'refusal'],
    ['end_turn', 'end_turn'],
    ['odd', 'other'],
  ])('that ends by %s says so', async (stopReason, expected) => {
    const { model, request } = await chatBench(openai, [{ ...say('Words.'), stopReason }]);
    expect(whole(await model.send(request))).toMatchObject({
      stopReason: expected,
      content: [{ type: 'text', text: 'Words.' }],
    });
  });

  test('whose arguments were cut off carries them as they are, for the tool to refuse', async () => {
    const cut = { type: 'tool_use', name: 'write', json: '{"path":"a","content":"half a' } as const;
    const { model, request } = await chatBench(vllm, [{ ...say(cut), stopReason: 'max_tokens' }]);
    const reply = whole(await model.send(request));
    expect(reply.content).toMatchObject([{ name: 'write', input: { __invalid_json: cut.json } }]);
    expect(reply.stopReason).toBe('max_tokens');
  });
});

describe('what is billed', () => {
  test('is what is reported, with what was read from the cache apart', async () => {
    const { model, server, request } = await chatBench(openai, [{ ...say('ok'), outputTokens: 7 }]);
    const long = { ...request, system: 'word '.repeat(2_000) };
    whole(await model.send(long));
    const { usage } = whole(await model.send({ ...long, messages: [user('Another.')] }));
    const reported = server.requests[1]?.usage;
    expect(reported?.cachedTokens).toBeGreaterThan(2_000);
    expect(usage).toMatchObject({ requests: 1, cacheReadTokens: reported?.cachedTokens, outputTokens: 7 });
    expect(usage.inputTokens + usage.cacheReadTokens).toBe(reported?.promptTokens);
    expect(usage.costNanoUsd).toBe(usage.inputTokens * 2_000 + usage.cacheReadTokens * 200 + 7 * 10_000);
  });

  test('is the upper bound where nothing is reported, and that is told once', async () => {
    const { model, estimated, request } = await chatBench(ollama, [say('Ten bytes!')]);
    const { usage, contextTokens = 0 } = whole(await model.send(request));
    whole(await model.send({ ...request, messages: [user('Another.')] }));
    // Money counts at the bound; whether the conversation is full does not.
    expect(contextTokens).toBeGreaterThan(0);
    expect(contextTokens).toBeLessThan(1_000);
    expect(usage).toMatchObject({ requests: 1, inputTokens: 5_000, cacheWriteTokens: 0 });
    expect(usage.outputTokens).toBeGreaterThanOrEqual(10);
    expect(usage.outputTokens).toBeLessThan(200);
    expect(usage.costNanoUsd).toBe(5_000 * 1_000 + usage.outputTokens * 2_000);
    expect(estimated).toEqual([request.model]);
  });
});

describe('chunks of other servers', () => {
  const read = (...deltas: readonly unknown[]) => {
    const draft = startChat('call_3');
    for (const delta of deltas) {
      const chunk = readChunk({ choices: [{ delta }] });
      if (chunk !== null) draft.add(chunk);
    }
    return draft.content();
  };
  const part = (index: number | undefined, id: string | undefined, name: string | undefined, args: unknown) => ({
    tool_calls: [{ index, id, function: { name, arguments: args } }],
  });

  test('that give every call the same index are told apart by their ids', () => {
    expect(read(part(0, 'a', 'read', '{}'), part(0, 'b', 'bash', '{}'))).toMatchObject([{ id: 'a' }, { id: 'b' }]);
  });

  test('without ids get ids of their own, without indexes a name begins a call', () => {
    const content = read(part(undefined, undefined, 'read', '{"a"'), part(undefined, undefined, undefined, ':1}'));
    expect(content).toEqual([{ type: 'tool_use', id: 'call_3_0', name: 'read', input: { a: 1 } }]);
    const two = read(part(undefined, undefined, 'read', '{}'), part(undefined, undefined, 'read', '{}'));
    expect(two).toMatchObject([{ id: 'call_3_0' }, { id: 'call_3_1' }]);
  });

  test('with one id for all calls get ids of their own', () => {
    const [a, b] = read(part(0, 'x', 'read', '{}'), part(1, 'x', 'read', '{}'));
    expect(a).toMatchObject({ id: 'x' });
    expect(b).toMatchObject({ id: 'call_3_1' });
  });

  test('with arguments as an object are read', () => {
    expect(read(part(0, 'a', 'read', { paths: ['x'] }))).toMatchObject([{ input: { paths: ['x'] } }]);
  });

  test('that interleave two calls keep them apart', () => {
    const content = read(
      part(0, 'a', 'read', '{"x"'),
      part(1, 'b', 'read', '{"y"'),
      part(0, undefined, undefined, ':1}'),
      part(1, undefined, undefined, ':2}'),
    );
    expect(content).toMatchObject([{ input: { x: 1 } }, { input: { y: 2 } }]);
  });
});

describe('arguments', () => {
  test.each([
    ['', {}],
    ['{"a":1}', { a: 1 }],
    ['{"a":"line\nbreak\tand tab"}', { a: 'line\nbreak\tand tab' }],
    ['{"a":[1,2,],}', { a: [1, 2] }],
    ['{"a":"keeps ,} in texts, ]"}', { a: 'keeps ,} in texts, ]' }],
    ['"{\\"a\\":1}"', { a: 1 }],
    ['{"a":1', { __invalid_json: '{"a":1' }],
    ['[1]', { __invalid_json: '[1]' }],
    ['{"path":"a","content":"cut', { __invalid_json: '{"path":"a","content":"cut' }],
  ])('%j are read as %j', (json, expected) => {
    expect(argumentsOf(json)).toEqual(expected);
  });
});

describe('an object in words', () => {
  test.each([
    ['{"a":1}', '{"a":1}'],
    ['Here:\n```json\n{"a":1}\n```\nDone.', '{"a":1}'],
    ['Sure! {"a":{"b":2}} is it.', '{"a":{"b":2}}'],
    ['{"a":[1,],}', '{"a":[1]}'],
    ['No object.', null],
    ['{"a":', null],
  ])('in %j is %j', (text, expected) => {
    expect(objectIn(text)).toBe(expected);
  });
});
