import { afterEach, describe, expect, test } from '@jest/globals';
import { byAgent, call, fail, inOrder, say, type Script } from '../../testbed/model/script.ts';
import { ollama, openai, vllm, type Flavour } from '../../testbed/openai/flavours.ts';
import { startChatServer, type ChatServer } from '../../testbed/openai/server.ts';

let server: ChatServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const tools = [{ type: 'function', function: { name: 'read', parameters: { type: 'object' } } }];
const user = { role: 'user', content: 'Do it.' };
const asked = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'read', arguments: '{}' } }],
};

async function serve(flavour: Flavour, script: Script = inOrder(say('Hello.'))) {
  const started = await startChatServer({ flavour, script, apiKey: 'mine' });
  server = started;
  return (body: Readonly<Record<string, unknown>>, key = 'mine') =>
    fetch(`${started.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({
        model: Object.keys(flavour.models)[0],
        stream: true,
        messages: [user],
        ...body,
      }),
    });
}

async function refused(flavour: Flavour, body: Readonly<Record<string, unknown>>, key?: string): Promise<string> {
  const send = await serve(flavour);
  const response = await send(body, key);
  expect(response.status).toBeGreaterThanOrEqual(400);
  const answer: unknown = await response.json();
  expect(server?.refusals).toHaveLength(1);
  return `${response.status} ${String(Object(Object(answer).error).message)}`;
}

describe('it refuses what OpenAI refuses', () => {
  test.each([
    ['a parameter it does not know', { colour: 'red' }, "400 Unknown parameter: 'colour'."],
    ['sampling for a reasoning model', { temperature: 0.3 }, "400 Unsupported value: 'temperature'"],
    ['the older output limit', { max_tokens: 10 }, "400 Unsupported parameter: 'max_tokens'"],
    ['too high an output limit', { max_completion_tokens: 200_000 }, '400 max_tokens is too large: 200000.'],
    ['tools with thinking', { tools }, '400 Function tools with reasoning_effort are not supported'],
    ['an effort it does not have', { reasoning_effort: 'huge' }, "400 Unsupported value: 'reasoning_effort'"],
    ['no thinking of a model that always does', { model: 'gpt-6.2-sol', reasoning_effort: 'none' }, "'low', 'medium'"],
    ['an unknown model', { model: 'gpt-0' }, '404 The model `gpt-0` does not exist'],
    ['a tool choice without tools', { tool_choice: 'none' }, "400 Invalid value for 'tool_choice'"],
    [
      'an answer without a call',
      { messages: [user, { role: 'tool', tool_call_id: 'a', content: 'x' }] },
      "role 'tool'",
    ],
    ['a call without an answer', { messages: [user, asked, user] }, 'did not have response messages: a'],
    [
      'JSON mode without the word',
      { response_format: { type: 'json_object' } },
      "400 'messages' must contain the word 'json'",
    ],
    [
      'a strict schema that leaves a property open',
      {
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'reply',
            strict: true,
            schema: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
          },
        },
      },
      "Missing 'a'",
    ],
  ])('%s', async (_, body, message) => {
    expect(await refused(openai, body)).toContain(message);
  });

  test('another key, and none', async () => {
    expect(await refused(openai, {}, 'other')).toContain('401 Incorrect API key provided');
    await server?.close();
    expect(await refused(openai, {}, '')).toContain("401 You didn't provide an API key");
  });
});

describe('it refuses what vLLM refuses', () => {
  test.each([
    ['roles that do not alternate', { messages: [user, user] }, '400 Conversation roles must alternate'],
    [
      'arguments in the history that are no JSON',
      {
        messages: [
          user,
          { ...asked, tool_calls: [{ id: 'a', type: 'function', function: { name: 'read', arguments: '{"a' } }] },
          { role: 'tool', tool_call_id: 'a', content: 'x' },
        ],
      },
      '400 Can only get item pairs',
    ],
    [
      'schemas',
      { response_format: { type: 'json_schema', json_schema: { name: 'r', schema: { type: 'object' } } } },
      '400 response_format',
    ],
    ['more output than there is room for', { max_tokens: 32_768 }, 'maximum context length is 32768 tokens'],
    ['an unknown model', { model: 'x' }, '404 The model `x` does not exist.'],
  ])('%s', async (_, body, message) => {
    expect(await refused(vllm, body)).toContain(message);
  });
});

describe('it answers', () => {
  const linesOf = async (response: Response): Promise<string[]> =>
    (await response.text()).split('\n\n').flatMap((event) => (event === '' ? [] : event.replace('data: ', '')));
  const deltasOf = (lines: readonly string[]) =>
    lines.slice(0, -1).map((line): unknown => Object(JSON.parse(line)).choices?.[0]?.delta);

  test('as OpenAI in chunks, a call piece by piece, with usage when asked', async () => {
    const send = await serve(openai, inOrder(say(call('read', { paths: ['a.txt'] }))));
    const lines = await linesOf(await send({ stream_options: { include_usage: true } }));
    expect(lines.at(-1)).toBe('[DONE]');
    expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) } });
    const parts = deltasOf(lines).flatMap((delta) => Object(delta).tool_calls ?? []);
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map((part: unknown) => Object(part).function.arguments).join('')).toBe('{"paths":["a.txt"]}');
    expect(Object.keys(parts[1])).toEqual(['index', 'function']);
  });

  test('as Ollama with whole calls, without usage, and without a key', async () => {
    const send = await serve(ollama, inOrder(say(call('read', { paths: ['a.txt'] }))));
    const lines = await linesOf(await send({ stream_options: { include_usage: true }, odd: 1 }, ''));
    expect(lines.join('')).not.toContain('usage');
    const parts = deltasOf(lines).flatMap((delta) => Object(delta).tool_calls ?? []);
    expect(parts.map((part: unknown) => Object(part).function.arguments)).toEqual(['{"paths":["a.txt"]}']);
  });

  test('with the cached part of a prompt that begins as one before it', async () => {
    const send = await serve(openai, inOrder(say('One.')));
    const long = { role: 'system', content: 'word '.repeat(2_000) };
    for (const content of ['A', 'B']) await (await send({ messages: [long, { role: 'user', content }] })).text();
    expect(server?.requests.map(({ usage }) => usage.cachedTokens > 2_000)).toEqual([false, true]);
  });

  test('each conversation with its own lines, and an error as the script says', async () => {
    const script = byAgent(
      { match: 'Task A', turns: [say('To A.')] },
      { match: 'Task B', turns: [fail(429, { errorCode: 'insufficient_quota', headers: { 'retry-after': '1' } })] },
    );
    const send = await serve(openai, script);
    const ask = (content: string) => send({ messages: [{ role: 'user', content }] });
    expect(await (await ask('Task A')).text()).toContain('"To"');
    const error = await ask('Task B');
    expect([error.status, error.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await error.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
    expect((await ask('Task C')).status).toBe(400);
  });

  test.each(['disconnect', 'end'] as const)('with a stream that breaks by %p where the script says', async (kind) => {
    const send = await serve(openai, inOrder({ ...say('Words, words, words.'), fault: { kind, afterEvents: 2 } }));
    const response = await send({});
    const text = await response.text().catch(() => 'cut');
    expect(text).not.toContain('[DONE]');
  });
});
