import { describe, expect, test } from '@jest/globals';
import { asksForJson, byAgent, call, fail, inOrder, say, thinking } from '../../../testbed/model/script.ts';
import { assistant, headers, post, right, serve, tool, user, words } from './model-client.ts';

const opening = (own: string) => [user(words('Issue 42. TASK-001 and TASK-002.')), user(words(own))];
const textOf = (answer: { readonly body: Readonly<Record<string, unknown>> }): unknown => answer.body['content'];

describe('a script by agent', () => {
  const script = byAgent(
    { match: asksForJson, turns: [say('{"plan":1}')] },
    { match: 'TASK-001', turns: [say('one, first'), fail(529), say('one, second')] },
    { match: /TASK-002/, turns: [(request) => say(`turn ${request.turn}`)] },
  );

  test('gives each conversation its own lines, in any order', async () => {
    const { url } = await serve(script);
    const ask = (own: string) => post(url, { ...right, messages: opening(own) });
    expect(textOf(await ask('You do TASK-001.'))).toEqual([words('one, first')]);
    expect(textOf(await ask('You do TASK-002.'))).toEqual([words('turn 0')]);
    expect(await ask('You do TASK-001.')).toMatchObject({ status: 529, body: { error: { type: 'overloaded_error' } } });
    const messages = [...opening('You do TASK-001.'), assistant(words('one, first')), user(words('and?'))];
    expect(textOf(await post(url, { ...right, messages }))).toEqual([words('one, second')]);
  });

  test('tells the planner by the schema it asks for', async () => {
    const { url } = await serve(script);
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const body = { ...right, messages: opening('Plan.'), output_config: { format: { type: 'json_schema', schema } } };
    expect(textOf(await post(url, body))).toEqual([words('{"plan":1}')]);
  });

  test('says what it did not foresee', async () => {
    const { url } = await serve(script);
    const ask = (own: string) => post(url, { ...right, messages: opening(own) });
    expect(await ask('TASK-003')).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('no line matches: TASK-003') } },
    });
    await ask('TASK-002');
    expect(await ask('TASK-002')).toMatchObject({ body: { error: { message: expect.stringContaining('1 turns') } } });
  });

  test('that throws is a server error, and is listed', async () => {
    const server = await serve(() => {
      throw new Error('oops');
    });
    expect(await post(server.url, right)).toMatchObject({ status: 500, body: { error: { type: 'api_error' } } });
    expect(server.refusals).toMatchObject([{ message: expect.stringContaining('oops') }]);
  });
});

describe('a stream', () => {
  test('has the events of the service, in order, with usage at both ends', async () => {
    const { url } = await serve(
      inOrder({ ...say(thinking('Hm.'), 'Hello 🌍!', call('read', { a: 1 })), outputTokens: 9 }),
    );
    const response = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...right, stream: true, tools: [tool] }),
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await response.text())
      .split('\n\n')
      .filter((part) => part !== '')
      .map((part) => {
        const [event = '', data = ''] = part.split('\n');
        const parsed = JSON.parse(data.replace('data: ', ''));
        expect(event).toBe(`event: ${parsed.type}`);
        return parsed;
      });
    const kinds = events.map(({ type }) => type).filter((type) => type !== 'content_block_delta');
    const block = ['content_block_start', 'content_block_stop'];
    expect(kinds).toEqual(['message_start', 'ping', ...block, ...block, ...block, 'message_delta', 'message_stop']);
    expect(events[0].message).toMatchObject({ content: [], stop_reason: null, usage: { output_tokens: 1 } });
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } });
    const text = events.map(({ delta }) => delta?.text ?? '').join('');
    expect(text).toBe('Hello 🌍!');
    expect(events.map(({ delta }) => delta?.partial_json ?? '').join('')).toBe('{"a":1}');
    expect(events.some(({ delta }) => delta?.type === 'signature_delta')).toBe(true);
  });

  test('never reports more output than was allowed', async () => {
    const { url } = await serve(inOrder({ ...say('x'), outputTokens: 5_000 }));
    expect(await post(url, right)).toMatchObject({ body: { usage: { output_tokens: 100 } } });
  });
});

describe('besides messages', () => {
  test('tokens are counted without a reply', async () => {
    const { url } = await serve();
    const { model, messages } = right;
    const counted = await post(url, { model, messages }, {}, '/v1/messages/count_tokens');
    expect(counted).toMatchObject({ status: 200, body: { input_tokens: 3 } });
    const bad = await post(url, right, {}, '/v1/messages/count_tokens');
    expect(bad.body).toMatchObject({ error: { message: 'max_tokens: Extra inputs are not permitted' } });
  });

  test.each([
    ['/v1/models', 200, { data: expect.arrayContaining([expect.objectContaining({ id: 'claude-sonnet-5-5' })]) }],
    [
      '/v1/models/claude-haiku-4-5-20251001',
      200,
      { max_tokens: 64_000, capabilities: { effort: { supported: false } } },
    ],
    ['/v1/models/claude-9', 404, { error: { type: 'not_found_error' } }],
    ['/v2/else', 404, { error: { type: 'not_found_error' } }],
  ])('GET %s is %p', async (path, status, body) => {
    const { url } = await serve();
    const response = await fetch(`${url}${path}`, { headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(body);
  });

  test('a latency is waited for', async () => {
    const { url } = await serve(undefined, { latencyMs: 80 });
    const startedAt = performance.now();
    await post(url, right);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
  });
});
