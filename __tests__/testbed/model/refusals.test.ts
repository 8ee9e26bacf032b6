import { describe, expect, test } from '@jest/globals';
import { say, thinking } from '../../../testbed/model/script.ts';
import { assistant, post, result, right, serve, tool, use, user, words } from './model-client.ts';

const hello = user(words('Hello'));
const withTools = (...messages: readonly unknown[]) => ({ ...right, tools: [tool], messages });
const mark = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) } });
const asked = (schema: unknown) => ({ ...right, output_config: { format: { type: 'json_schema', schema } } });
const objectOf = (properties: unknown) => ({ type: 'object', properties, additionalProperties: false });

const refused: readonly (readonly [why: string, body: unknown, message: RegExp])[] = [
  ['no JSON', '{', /^: /],
  ['no model', { ...right, model: undefined }, /^model: Field required/],
  ['no max_tokens', { ...right, max_tokens: undefined }, /^max_tokens: Field required/],
  ['a field that does not exist', { ...right, prompt: 'x' }, /^prompt: Extra inputs are not permitted/],
  ['more output than the model has', { ...right, max_tokens: 128_001 }, /128001 > 128000/],
  ['a temperature', { ...right, temperature: 0.2 }, /^temperature/],
  ['top_p', { ...right, top_p: 0.2 }, /^top_p/],
  ['top_k', { ...right, top_k: 2 }, /^top_k/],
  ['no message', { ...right, messages: [] }, /at least one message/],
  ['a first message of the assistant', { ...right, messages: [assistant(words('Hi')), hello] }, /first message/],
  ['an unknown role', { ...right, messages: [{ role: 'tool', content: 'x' }] }, /^messages.0.role/],
  ['a last message of the assistant', { ...right, messages: [hello, assistant(words('{'))] }, /prefill/],
  ['a message without content', { ...right, messages: [user()] }, /non-empty content/],
  ['an empty text', { ...right, messages: [user(words(''))] }, /must be non-empty/],
  ['a text of blanks', { ...right, messages: [user(words(' \n'))] }, /non-whitespace/],
  ['a block of an unknown type', { ...right, messages: [user({ type: 'video' })] }, /^messages.0.content.0/],
  [
    'a call without tools',
    { ...right, messages: [hello, assistant(use('a')), user(result('a'))] },
    /must define tools/,
  ],
  ['a call that is not answered', withTools(hello, assistant(use('a')), hello), /immediately after: a\./],
  ['one of two calls not answered', withTools(hello, assistant(use('a'), use('b')), user(result('a'))), /after: b\./],
  [
    'results in two messages',
    withTools(hello, assistant(use('a'), use('b')), user(result('a')), user(result('b'))),
    /after: b\./,
  ],
  [
    'a result of no call',
    withTools(hello, assistant(use('a')), user(result('a'), result('z'))),
    /unexpected `tool_use_id`.*: z/,
  ],
  [
    'a result of an earlier call',
    withTools(hello, assistant(use('a')), user(result('a')), user(result('a'))),
    /unexpected/,
  ],
  ['two results of one call', withTools(hello, assistant(use('a')), user(result('a'), result('a'))), /single result/],
  ['words before a result', withTools(hello, assistant(use('a')), user(words('so'), result('a'))), /must come before/],
  ['two calls of one id', withTools(hello, assistant(use('a'), use('a')), user(result('a'))), /must be unique/],
  ['a call by the user', withTools(user(use('a'))), /can only be in `assistant`/],
  ['a result by the assistant', withTools(hello, assistant(result('a')), hello), /can only be in `user`/],
  [
    'a call whose input is no object',
    withTools(hello, assistant({ ...use('a'), input: 'x' }), user(result('a'))),
    /input/,
  ],
  ['two tools of one name', { ...right, tools: [tool, tool] }, /must be unique/],
  ['a tool name with blanks', { ...right, tools: [{ ...tool, name: 'read it' }] }, /should match pattern/],
  ['a tool without a schema', { ...right, tools: [{ name: 'read' }] }, /^tools.0.input_schema: Field required/],
  ['a forced tool', { ...right, tools: [tool], tool_choice: { type: 'any' } }, /forced tool use/],
  ['a forced tool by name', { ...right, tools: [tool], tool_choice: { type: 'tool', name: 'read' } }, /forced/],
  ['a tool choice without tools', { ...right, tool_choice: { type: 'none' } }, /while providing tools/],
  [
    'five cache marks',
    { ...right, messages: [user(...Array.from('12345', (c) => ({ ...words(c), ...mark() })))] },
    /Found 5/,
  ],
  [
    'a top-level mark as the fifth',
    { ...right, ...mark(), messages: [user(...Array.from('1234', (c) => ({ ...words(c), ...mark() })), words('5'))] },
    /Found 5/,
  ],
  [
    'a long mark after a short one',
    { ...right, system: [{ ...words('s'), ...mark('5m') }], messages: [user({ ...words('x'), ...mark('1h') })] },
    /must not come after/,
  ],
  ['a mark of an unknown life', { ...right, messages: [user({ ...words('x'), ...mark('2h') })] }, /ttl/],
  ['an open object in the schema', asked({ type: 'object', properties: {} }), /additionalProperties/],
  [
    'an open object deep in it',
    asked(objectOf({ a: { type: 'array', items: { anyOf: [{ type: 'object' }] } } })),
    /additionalProperties/,
  ],
  [
    'a number limit in it',
    asked(objectOf({ n: { type: 'integer', minimum: 1 } })),
    /'integer' type, properties minimum/,
  ],
  ['a length limit in it', asked(objectOf({ n: { type: 'string', maxLength: 3 } })), /maxLength/],
  ['two items at least in it', asked(objectOf({ n: { type: 'array', items: {}, minItems: 2 } })), /minItems/],
  ['oneOf in it', asked(objectOf({ n: { oneOf: [{ type: 'string' }] } })), /oneOf/],
  [
    'a recursive schema',
    asked({
      ...objectOf({ next: { $ref: '#/$defs/node' } }),
      $defs: { node: objectOf({ next: { $ref: '#/$defs/node' } }) },
    }),
    /Recursive/,
  ],
  ['a schema that is its own part', asked(objectOf({ next: { $ref: '#' } })), /Recursive/],
  ['a reference to elsewhere', asked(objectOf({ a: { $ref: 'https://x.test/y' } })), /must point into/],
  ['an effort that does not exist', { ...right, output_config: { effort: 'huge' } }, /^output_config.effort/],
  [
    'effort on a model without it',
    { ...right, model: 'claude-haiku-4-5', output_config: { effort: 'low' } },
    /^output_config.effort/,
  ],
  [
    'thinking turned off where it is always on',
    { ...right, model: 'claude-opus-5-5', thinking: { type: 'disabled' } },
    /^thinking.type/,
  ],
  [
    'a prompt longer than the window',
    { ...right, model: 'claude-haiku-4-5', messages: [user(words('x'.repeat(800_100)))] },
    /prompt is too long: 2000\d\d tokens > 200000/,
  ],
];

describe('the model server refuses with 400', () => {
  test.each(refused)('%s', async (_why, body, message) => {
    const server = await serve();
    const answer = await post(server.url, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'error', error: { type: 'invalid_request_error', message: expect.stringMatching(message) } },
    });
    expect(server.requests).toEqual([]);
    expect(server.refusals).toHaveLength(1);
  });
});

const accepted: readonly (readonly [what: string, body: unknown])[] = [
  ['a plain request', right],
  ['two messages of the user in a row', { ...right, messages: [hello, hello] }],
  ['words after the results', withTools(hello, assistant(words('I'), use('a')), user(result('a', ''), words('go on')))],
  ['tools that may not be used', { ...right, tools: [tool], tool_choice: { type: 'none' } }],
  [
    'four marks, the long ones first',
    {
      ...right,
      system: [{ ...words('s'), ...mark('1h') }],
      messages: [user({ ...words('1'), ...mark('1h') }, { ...words('2'), ...mark() }, { ...words('3'), ...mark() })],
    },
  ],
  [
    'a closed schema with references that end',
    asked({ ...objectOf({ a: { $ref: '#/$defs/x' }, b: { $ref: '#/$defs/x' } }), $defs: { x: objectOf({}) } }),
  ],
  ['prefill on an older model', { ...right, model: 'claude-sonnet-4-5', messages: [hello, assistant(words('{'))] }],
  [
    'a forced tool on an older model',
    { ...right, model: 'claude-sonnet-4-5', tools: [tool], tool_choice: { type: 'any' } },
  ],
];

test.each(accepted)('the model server accepts %s', async (_what, body) => {
  const server = await serve();
  const answer = await post(server.url, body);
  expect(answer.body).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'ok' }] });
  expect(server.requests).toHaveLength(1);
});

test('sampling parameters pass in an older version of the API', async () => {
  const { url } = await serve();
  const answer = await post(url, { ...right, temperature: 0.2 }, { 'anthropic-version': '2023-06-01' });
  expect(answer.status).toBe(200);
});

test('an unknown model is 404', async () => {
  const { url } = await serve();
  const answer = await post(url, { ...right, model: 'claude-9' });
  expect(answer).toMatchObject({
    status: 404,
    body: { error: { type: 'not_found_error', message: 'model: claude-9' } },
  });
});

test.each([
  ['no key', { 'x-api-key': '' }],
  ['another key', { 'x-api-key': 'other' }],
  ['another bearer', { 'x-api-key': '', authorization: 'Bearer other' }],
])('%s is 401', async (_what, key) => {
  const { url } = await serve(undefined, { apiKey: 'mine' });
  expect(await post(url, right, key)).toMatchObject({ status: 401, body: { error: { type: 'authentication_error' } } });
});

test('the key is taken from either header', async () => {
  const { url } = await serve(undefined, { apiKey: 'mine' });
  expect((await post(url, right, { 'x-api-key': 'mine' })).status).toBe(200);
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer mine', 'anthropic-version': '2026-10-21' },
    body: JSON.stringify(right),
  });
  expect(response.status).toBe(200);
});

test('a request without a version is refused', async () => {
  const { url } = await serve();
  const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers: { 'x-api-key': 'k' }, body: '{}' });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('anthropic-version: header is required');
});

describe('thinking', () => {
  async function thought() {
    const server = await serve(() => say(thinking('Let me see.'), 'ok'));
    const { body } = await post(server.url, right);
    const [block] = Array.isArray(body['content']) ? body['content'] : [];
    const reply = assistant(block, words('ok'));
    return { server, block, reply };
  }

  test('is accepted as it was given', async () => {
    const { server, reply } = await thought();
    const answer = await post(server.url, { ...right, messages: [...right.messages, reply, hello] });
    expect(answer.status).toBe(200);
  });

  test.each([
    ['edited', (block: object) => ({ ...block, thinking: 'Let me not.' }), right.messages],
    ['signed by somebody else', (block: object) => ({ ...block, signature: 'AAAA' }), right.messages],
    ['moved behind other words', (block: object) => block, [user(words('Hello!'))]],
  ])('is refused when %s', async (_how, change, before) => {
    const { server, block } = await thought();
    const messages = [...before, assistant(change(block), words('ok')), hello];
    const answer = await post(server.url, { ...right, messages });
    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('thinking') } } });
  });
});
