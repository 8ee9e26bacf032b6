import { describe, expect, test } from '@jest/globals';
import { fail, say } from '../../../testbed/model/script.ts';
import { assistant, post, result, right, serve, tool, use, user, words } from './model-client.ts';

const mark = { cache_control: { type: 'ephemeral' } };
const hour = { cache_control: { type: 'ephemeral', ttl: '1h' } };
/** 2,000 tokens as the server counts: a quarter of the bytes. */
const long = 'cache me'.repeat(1_000);
const MINUTE = 60_000;

const system = [{ ...words(long), ...mark }];
const asks = (text: string) => ({ ...right, system, messages: [user(words(text))] });

interface Input {
  readonly input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

async function bench() {
  let now = 1_000_000;
  const server = await serve(() => say('ok'), { now: () => now });
  const usage = async (body: unknown): Promise<Input> => {
    const answer = await post(server.url, body);
    expect(answer.status).toBe(200);
    const last = server.requests.at(-1);
    if (last === undefined) throw new Error('not logged');
    expect(answer.body['usage']).toMatchObject(last.inputUsage);
    return last.inputUsage;
  };
  return { server, usage, pass: (ms: number) => (now += ms) };
}

const written = (tokens: number) => ({ cache_read_input_tokens: 0, cache_creation_input_tokens: tokens });
const read = (tokens: number) => ({ cache_read_input_tokens: tokens, cache_creation_input_tokens: 0 });

describe('the prompt cache', () => {
  test('writes a marked prefix once and reads it for whoever begins with the same', async () => {
    const { usage } = await bench();
    expect(await usage(asks('one two'))).toMatchObject({ ...written(2_000), input_tokens: 4 });
    expect(await usage(asks('three'))).toMatchObject({ ...read(2_000), input_tokens: 3 });
  });

  test('writes nothing without a mark, and nothing that is too short', async () => {
    const { usage } = await bench();
    const unmarked = { ...asks('x'), system: [words(long)] };
    const short = { ...asks('x'), system: [{ ...words('short'), ...mark }] };
    for (const body of [unmarked, unmarked, short, short]) expect(await usage(body)).toMatchObject(written(0));
  });

  test('forgets after five minutes, counted from the last use', async () => {
    const { usage, pass } = await bench();
    await usage(asks('x'));
    pass(4 * MINUTE);
    expect(await usage(asks('y'))).toMatchObject(read(2_000));
    pass(4 * MINUTE);
    expect(await usage(asks('z'))).toMatchObject(read(2_000));
    pass(5 * MINUTE);
    expect(await usage(asks('z'))).toMatchObject(written(2_000));
  });

  test('keeps an hour what is marked so, and says which part that was', async () => {
    const { usage, pass } = await bench();
    const body = {
      ...right,
      system: [{ ...words(long), ...hour }],
      messages: [user({ ...words('cache me'.repeat(10)), ...mark })],
    };
    const tail = { ephemeral_1h_input_tokens: 2_000, ephemeral_5m_input_tokens: 22 };
    expect(await usage(body)).toMatchObject({ ...written(2_022), cache_creation: tail });
    pass(59 * MINUTE);
    expect(await usage(body)).toMatchObject({ cache_read_input_tokens: 2_000, cache_creation_input_tokens: 22 });
  });

  test('reads tools, then system, then messages: a change in one loses what follows', async () => {
    const { usage } = await bench();
    const bigTool = { ...tool, description: long, ...mark };
    const body = { ...asks('x'), tools: [bigTool] };
    const whole = await usage(body);
    const toolTokens = whole.cache_creation_input_tokens - 2_000;
    expect(await usage({ ...body, system: [{ ...words(`${long}!`), ...mark }] })).toMatchObject({
      cache_read_input_tokens: toolTokens,
    });
    expect(await usage({ ...body, tools: [{ ...bigTool, name: 'other' }] })).toMatchObject({
      cache_read_input_tokens: 0,
    });
    expect(await usage({ ...body, model: 'claude-opus-5-5' })).toMatchObject({ cache_read_input_tokens: 0 });
  });

  test.each([
    ['tool choice', { tool_choice: { type: 'none' } }],
    ['effort', { output_config: { effort: 'low' } }],
    [
      'output format',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } } },
    ],
  ])('another %s loses the messages only', async (_what, other) => {
    const { usage } = await bench();
    const body = { ...asks('x'), tools: [tool], messages: [user({ ...words(long), ...mark })] };
    const first = await usage(body);
    const second = await usage({ ...body, ...other });
    expect(second.cache_read_input_tokens).toBeGreaterThan(2_000);
    expect(second.cache_read_input_tokens).toBeLessThan(first.cache_creation_input_tokens - 2_000 + 1);
    expect(second.cache_creation_input_tokens).toBeGreaterThan(0);
  });

  test.each([
    [18, true],
    [19, true],
    [20, false],
  ])('a mark sees an entry %p blocks before it: %p', async (distance, seen) => {
    const { usage } = await bench();
    const first = { ...right, messages: [user({ ...words(long), ...mark })] };
    await usage(first);
    const more = Array.from({ length: distance }, (_, index) => words(`block ${index}`));
    const last = { ...words('the end'), ...mark };
    const { cache_read_input_tokens: tokens } = await usage({
      ...right,
      messages: [user(words(long), ...more.slice(1), last)],
    });
    expect(tokens > 0).toBe(seen);
  });

  test('a conversation that only grows reads all it had', async () => {
    const { usage } = await bench();
    const opening = user({ ...words(long), ...mark });
    const first = await usage({ ...right, tools: [tool], messages: [opening] });
    const grown = [user(words(long)), assistant(use('a')), user({ ...result('a'), ...mark })];
    const second = await usage({ ...right, tools: [tool], messages: grown });
    expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens);
    expect(second.input_tokens).toBe(0);
  });

  test('cannot be read before the reply that wrote it has begun', async () => {
    const server = await serve(() => ({ ...say('ok'), latencyMs: 60 }));
    await Promise.all([post(server.url, asks('a')), post(server.url, asks('b'))]);
    expect(server.requests.map(({ inputUsage }) => inputUsage.cache_read_input_tokens)).toEqual([0, 0]);
    await post(server.url, asks('c'));
    expect(server.requests[2]?.inputUsage.cache_read_input_tokens).toBe(2_000);
  });

  test('a request that fails writes nothing', async () => {
    const replies = [fail(529), say('ok')];
    const server = await serve(() => replies.shift() ?? fail(500));
    await post(server.url, asks('a'));
    await post(server.url, asks('a'));
    expect(server.requests[1]?.inputUsage).toMatchObject(written(2_000));
  });
});
