import { expect, test } from '@jest/globals';
import type { JournalEntry, RunEvent } from '../../src/events.ts';
import type { ModelRequest } from '../../src/ports.ts';
import { readEarlierRun } from '../../src/record/earlier-run.ts';
import { RunError } from '../../src/errors.ts';
import { createLandingOrder } from '../../src/record/landing-order.ts';
import { recordCall } from '../../src/record/record-calls.ts';
import { offlineModel } from '../../src/record/offline-ports.ts';
import { recordModel } from '../../src/record/record-model.ts';
import { createRequestNames } from '../../src/record/request-hash.ts';

const entries = (...events: RunEvent[]): JournalEntry[] => events.map((event, seq) => ({ seq, atMs: 0, event }));
const recordingOf = (...events: RunEvent[]) => {
  const told: RunEvent[] = [];
  const reporter = { emit: (event: RunEvent) => void told.push(event) };
  return { earlier: readEarlierRun(entries(...events)), reporter, told };
};
const notAgain = () => Promise.reject(new Error('made again'));

test('answers of the same call are given in their order, then the call is made and recorded', async () => {
  const recording = recordingOf(
    { type: 'call.ended', call: 'head', answer: 'a' },
    { type: 'call.ended', call: 'head', answer: null },
  );
  expect(await recordCall('head', notAgain, recording)).toBe('a');
  expect(await recordCall('head', notAgain, recording)).toBeNull();
  expect(await recordCall('head', () => Promise.resolve('new'), recording)).toBe('new');
  expect(recording.told).toEqual([{ type: 'call.ended', call: 'head', answer: 'new' }]);
});

test('an effect is announced before it is made', async () => {
  const recording = recordingOf();
  const act = () => Promise.resolve(recording.told.length);
  const lookUp = () => Promise.resolve(null);
  expect(await recordCall('push', act, recording, { lookUp })).toBe(1);
});

test('an effect that had begun is looked up, and made only where it is not there', async () => {
  const begun = { type: 'call.started', call: 'push' } as const;
  const found = { lookUp: () => Promise.resolve({ answer: 'there' }) };
  expect(await recordCall('push', notAgain, recordingOf(begun), found)).toBe('there');
  const missing = { lookUp: () => Promise.resolve(null) };
  expect(await recordCall('push', () => Promise.resolve('made'), recordingOf(begun), missing)).toBe('made');
});

test('a call that fails is recorded with its error, which a replay throws again', async () => {
  const recording = recordingOf();
  const refused = new RunError('push-refused', { branch: 'ai/x', detail: 'locked' });
  await expect(recordCall('push', () => Promise.reject(refused), recording)).rejects.toBe(refused);
  const failed = recording.told.at(-1);
  if (failed?.type !== 'call.failed') throw new Error('nothing was recorded');
  const replayed = { ...recordingOf(), earlier: readEarlierRun(entries(failed), false) };
  const again = await recordCall('push', notAgain, replayed).catch((error: unknown) => error);
  expect(again).toMatchObject({ code: 'push-refused', message: refused.message, hint: refused.hint });
  expect(replayed.told).toEqual([]);
});

test('a failure after a kill is forgotten, and what may have been made is looked up first', async () => {
  const recording = recordingOf(
    { type: 'call.started', call: 'push' },
    { type: 'call.failed', call: 'push', error: { code: null, facts: {}, message: 'timeout' } },
  );
  const lookUp = () => Promise.resolve({ answer: 'there' });
  expect(await recordCall('push', notAgain, recording, { lookUp })).toBe('there');
});

test('a failure that stands is an answer to a run that goes on, too', async () => {
  const error = { code: 'github-unavailable', facts: { detail: 'down' }, message: 'GitHub did not answer: down' };
  const recording = recordingOf({ type: 'call.failed', call: 'permission', error, stands: true });
  await expect(recordCall('permission', notAgain, recording, { stands: true })).rejects.toMatchObject({
    code: 'github-unavailable',
  });
});

test('a limit that refused a request refuses it again', async () => {
  const names = createRequestNames({ clean: (text) => text, onText: () => undefined });
  const first = recordingOf();
  const refusal = {
    ok: false,
    limit: { limit: 'limits.token_budget', value: '1 tokens', spent: '1 tokens' },
    isTasks: false,
  } as const;
  recordModel(offlineModel(notAgain), names, first).noteRefusal(request('a', 1), refusal);
  const next = recordModel(offlineModel(notAgain), names, recordingOf(...first.told));
  expect(await next.refusedBefore(request('b', 1))).toBeNull();
  expect(await next.refusedBefore(request('a', 2))).toEqual(refusal);
  expect(await next.refusedBefore(request('a', 2))).toBeNull();
});

test('tasks land in the order that the journal has, new ones after those', async () => {
  const recording = recordingOf(
    { type: 'call.ended', call: 'landing', answer: 'B' },
    { type: 'call.ended', call: 'landing', answer: 'A' },
  );
  const inTurn = createLandingOrder(recording);
  const passed: string[] = [];
  const pass = (id: string) => inTurn(id).then(() => void passed.push(id));
  await Promise.all([pass('C'), pass('A'), pass('B')]);
  expect(passed).toEqual(['B', 'A', 'C']);
  expect(recording.told).toEqual([{ type: 'call.ended', call: 'landing', answer: 'C' }]);
});

const request = (text: string, maxTokens: number): ModelRequest => ({
  model: 'm',
  maxTokens,
  system: 's',
  tools: [],
  toolChoice: 'auto',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
  sharedPrefixMessages: 0,
  outputSchema: null,
  effort: 'low',
});

test('a request has the same name after its texts went through the journal, whatever money is left', () => {
  const clean = (text: string) => text.replaceAll('secret', '***');
  const { hashOf } = createRequestNames({ clean, onText: () => undefined });
  expect(hashOf(request('a secret', 10))).toBe(hashOf(request('a ***', 20)));
  expect(hashOf(request('a', 10))).not.toBe(hashOf(request('b', 10)));
  expect(hashOf({ ...request('a', 10), effort: 'high' })).not.toBe(hashOf(request('a', 10)));
});

test('the parts of a request are named where an agent sends them first, and texts without an event of their own are told once', () => {
  const texts: string[] = [];
  const { newParts } = createRequestNames({ clean: (text) => text, onText: (_digest, text) => texts.push(text) });
  const one = request('a', 1);
  const namesOf = (agent: string, asked: ModelRequest) => newParts(agent, asked).map(({ name }) => name);
  expect(namesOf('TASK-001', one)).toEqual(['settings', 'system prompt', 'tools', 'schema', 'message 1']);
  expect(namesOf('TASK-001', { ...one, messages: [...one.messages, ...request('b', 1).messages] })).toEqual([
    'message 2',
  ]);
  expect(namesOf('TASK-002', { ...one, system: 'other' })).toEqual([
    'settings',
    'system prompt',
    'tools',
    'schema',
    'message 1',
  ]);
  expect(texts).toEqual([expect.stringContaining('"m"'), 's', '[]', 'null', 'other']);
});
