import { expect, test } from '@jest/globals';
import type { JournalEntry, RunEvent } from '../../src/events.ts';
import type { ModelRequest } from '../../src/ports.ts';
import { readEarlierRun } from '../../src/record/earlier-run.ts';
import { createLandingOrder } from '../../src/record/landing-order.ts';
import { recordCall } from '../../src/record/record-calls.ts';
import { createRequestHash } from '../../src/record/request-hash.ts';

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

test('a request has the same name after its texts went through the journal, whatever money is left', () => {
  const hashOf = createRequestHash((text) => text.replaceAll('secret', '***'));
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
  expect(hashOf(request('a secret', 10))).toBe(hashOf(request('a ***', 20)));
  expect(hashOf(request('a', 10))).not.toBe(hashOf(request('b', 10)));
  expect(hashOf({ ...request('a', 10), effort: 'high' })).not.toBe(hashOf(request('a', 10)));
});
