// What a model or its service may do wrong: nothing is run before a reply is whole, and nothing is run twice.
import { expect, test } from '@jest/globals';
import type { ContentBlock } from '../../src/messages.ts';
import type { Model } from '../../src/ports.ts';
import { call, fail, say } from '../../testbed/model/script.ts';
import { sh } from '../support/tree-bed.ts';
import { bash, cutOff, finish, read, requests, useTalks, write } from './talk.ts';

const talkTo = useTalks();
const append = bash('echo once >> log.txt');

test.each([
  ['a stream that breaks off', { kind: 'disconnect', afterEvents: 6 }],
  ['a stream that ends too early', { kind: 'end', afterEvents: 6 }],
  ['an error in the stream', { kind: 'error', afterEvents: 6 }],
] as const)('%s: the calls it had begun are run once, by the try that is whole', async (_what, fault) => {
  const started = await talkTo([{ ...say(append, append), fault }, say(append), say(finish())]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  expect(await sh(started.tree, 'cat log.txt')).toBe('once\n');
  expect(started.session.turns()).toBe(2);
});

test('an overloaded service is asked again, and the turn is one', async () => {
  const started = await talkTo([fail(529), say(append), fail(500), say(finish())]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  expect(await sh(started.tree, 'cat log.txt')).toBe('once\n');
  expect(started.session.turns()).toBe(2);
});

test('arguments that are no whole JSON are answered with an error, and the rest of the reply is run', async () => {
  const broken = { type: 'tool_use', name: 'write', json: '{"path": "half.txt", "content": "ha' } as const;
  const started = await talkTo([say(broken, read('a.txt')), say(finish())]);
  await started.session.proceed();
  expect(requests(started)[1]?.lastResults).toMatchObject([
    { isError: true, content: expect.stringContaining('`path`: expected string') },
    { isError: false },
  ]);
  expect(await sh(started.tree, 'ls half.txt 2>&1')).toContain('No such file');
});

test('nothing of a reply that was cut off is run, not even what of it is whole, and finish is not judged', async () => {
  const judge = () => Promise.reject(new Error('was judged'));
  const started = await talkTo([cutOff(say(append, finish())), cutOff(say('Long')), cutOff(say(append))], { judge });
  expect(await started.session.proceed()).toMatchObject({ ended: 'stuck', rule: 'silent-reply' });
  expect(requests(started)[1]?.lastText).toContain('cut off at its length limit');
  expect(await sh(started.tree, 'ls log.txt 2>&1')).toContain('No such file');
});

test('an empty reply is kept as a word and the agent is asked for a call', async () => {
  const started = await talkTo([say(), say(finish())]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  expect(requests(started)[1]?.lastText).toContain('called no tool');
});

test('a refusal ends the stretch; calls in it are not run, and the conversation can go on', async () => {
  const started = await talkTo([{ ...say('No.', append), stopReason: 'refusal' }, say(finish())]);
  expect(await started.session.proceed()).toEqual({
    ended: 'stuck',
    rule: 'refusal',
    why: 'the model refused to go on',
  });
  expect(await sh(started.tree, 'ls log.txt 2>&1')).toContain('No such file');
  expect(await started.session.proceed('Go on.')).toMatchObject({ ended: 'finished' });
});

test('a call whose id came before in the reply is not run and not sent back', async () => {
  const alike = (blocks: readonly ContentBlock[]): readonly ContentBlock[] =>
    blocks.map((block) => (block.type === 'tool_use' ? { ...block, id: `${block.name}_1` } : block));
  const through = (model: Model): Model => ({
    send: async (request, signal) => {
      const reply = await model.send(request, signal);
      return reply.kind === 'reply' ? { ...reply, content: alike(reply.content) } : reply;
    },
  });
  const started = await talkTo([say(append, append), say(finish())], { through });
  expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  expect(await sh(started.tree, 'cat log.txt')).toBe('once\n');
  expect(requests(started)[1]?.lastResults).toHaveLength(1);
});

test('a model that cannot be used ends the conversation with the reason', async () => {
  const started = await talkTo([{ kind: 'error', status: 401, type: 'authentication_error', message: 'no' }]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'model-failed', reply: { reason: 'auth' } });
  expect(started.session.turns()).toBe(0);
});

test('what waited to be said when a call failed is said by the next one', async () => {
  const started = await talkTo([say(write('n.txt', 'x')), fail(401), say(finish())]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'model-failed' });
  expect(await started.session.proceed('Go on.')).toMatchObject({ ended: 'finished' });
  expect(requests(started).at(-1)?.lastResults).toMatchObject([{ isError: false }]);
  expect(requests(started).at(-1)?.lastText).toContain('Go on.');
});

test('an unknown tool is answered, and nothing happens', async () => {
  const started = await talkTo([say(call('teleport', { to: 'prod' })), say(finish())]);
  expect(await started.session.proceed()).toMatchObject({ ended: 'finished' });
  expect(requests(started)[1]?.lastResults).toMatchObject([{ isError: true }]);
});
