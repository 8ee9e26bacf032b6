import { afterEach, expect, test } from '@jest/globals';
import { askModel, type AskDeps } from '../../src/agent/ask-model.ts';
import type { ModelRequest } from '../../src/ports.ts';
import { inOrder, say, type ScriptedReply } from '../../testbed/model/script.ts';
import { startModelBed, userSays, type ModelBed } from '../support/spine.ts';

let bed: ModelBed | undefined;
afterEach(() => bed?.close());

const asking = (words: string): ModelRequest => ({
  model: 'claude-sonnet-5-5',
  maxTokens: 1_000,
  system: 'Be brief.',
  tools: [],
  toolChoice: 'auto',
  messages: [userSays(words)],
  sharedPrefixMessages: 0,
  outputSchema: null,
  effort: 'low',
});
const ask = (words: string, deps: AskDeps) =>
  askModel(asking(words), 1_000, { agent: words, role: 'r', turn: 1 }, deps);

test('a call that calls under way leave no room for is made when they have ended', async () => {
  const started: string[] = [];
  let release: (reply: ScriptedReply) => void = () => undefined;
  const script = inOrder((request) => {
    started.push(request.openingText);
    return started.length > 1 ? say('yes') : new Promise<ScriptedReply>((resolve) => (release = resolve));
  });
  // A worst case is 1,000 x 2,500 + 1,000 x 10,000 = 12,500,000 nano-dollars: only one fits.
  bed = await startModelBed(script, { costLimitNanoUsd: 20_000_000 });
  const first = ask('first', bed);
  while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const second = ask('second', bed);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(started).toEqual(['first']);
  expect(bed.reporter.of('limit.reached')).toEqual([]);
  release(say('yes'));
  expect(await first).toMatchObject({ kind: 'reply' });
  expect(await second).toMatchObject({ kind: 'reply' });
  expect(bed.reporter.of('model.replied').map(({ agent }) => agent)).toEqual(['first', 'second']);
  expect(bed.ledger.reservedNanoUsd()).toBe(0);
});

test('a call that could never fit is refused at once, though others are under way', async () => {
  bed = await startModelBed(inOrder({ kind: 'silence' }), { costLimitNanoUsd: 13_000_000 });
  const stop = new AbortController();
  const first = ask('first', { ...bed, signal: stop.signal });
  const big = askModel({ ...asking('big'), maxTokens: 2_000 }, 1_000, { agent: 'big', role: 'r', turn: 1 }, bed);
  expect(await big).toMatchObject({ kind: 'limit', limit: { limit: 'limits.cost_limit_usd' } });
  stop.abort();
  await first;
});

test('a failure of ours gives the reserved money back and is thrown as it is', async () => {
  bed = await startModelBed(inOrder());
  const model = { send: () => Promise.reject(new Error('a bug')) };
  await expect(ask('first', { ...bed, model })).rejects.toThrow('a bug');
  expect(bed.ledger.reservedNanoUsd()).toBe(0);
});

test('usage of a failed call is kept, and told', async () => {
  bed = await startModelBed(inOrder({ kind: 'error', status: 400, type: 'invalid_request_error', message: 'no' }));
  expect(await ask('first', bed)).toMatchObject({ kind: 'failed', reason: 'invalid-request' });
  expect(bed.reporter.events).toMatchObject([
    { type: 'model.asked', agent: 'first', turn: 1, attempt: 1, reservedNanoUsd: 12_500_000, maxTokens: 1_000 },
    { type: 'model.failed', agent: 'first', reason: 'invalid-request' },
  ]);
});
