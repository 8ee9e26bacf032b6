import { afterEach, expect, test } from '@jest/globals';
import { askModel, type AskDeps } from '../../src/agent/ask-model.ts';
import { createLedger } from '../../src/money/ledger.ts';
import { noUsage } from '../../src/money/usage.ts';
import type { Model, ModelReply, ModelRequest } from '../../src/ports.ts';
import type { Usage } from '../../src/types.ts';
import { inOrder, say, type ScriptedReply } from '../../testbed/model/script.ts';
import { noLimits, recordedReporter, startModelBed, userSays, type ModelBed } from '../support/spine.ts';
import { plainPriceOf } from '../support/plain-price.ts';

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

test('a failure of ours is thrown as it is, and what the call may have cost counts as spent', async () => {
  bed = await startModelBed(inOrder());
  const model = { send: () => Promise.reject(new Error('a bug')) };
  await expect(ask('first', { ...bed, model })).rejects.toThrow('a bug');
  expect(bed.ledger.reservedNanoUsd()).toBe(0);
  expect(bed.ledger.spent()).toMatchObject({ requests: 1, outputTokens: 1_000, costNanoUsd: 13_750_000 });
});

test('usage of a failed call is kept, and told', async () => {
  bed = await startModelBed(inOrder({ kind: 'error', status: 400, type: 'invalid_request_error', message: 'no' }));
  expect(await ask('first', bed)).toMatchObject({ kind: 'failed', reason: 'invalid-request' });
  expect(bed.reporter.events).toMatchObject([
    { type: 'model.asked', agent: 'first', turn: 1, attempt: 1, reservedNanoUsd: 13_750_000, maxTokens: 1_000 },
    { type: 'model.failed', agent: 'first', reason: 'invalid-request' },
  ]);
});

/** A model of which only what matters here is real. */
const answering = (send: Model['send'], counted: number | null = null): Model => ({
  send,
  countTokens: () => Promise.resolve(counted),
});
const used = (outputTokens: number): Usage => ({
  ...noUsage,
  requests: 1,
  outputTokens,
  costNanoUsd: 10_000 * outputTokens,
});
const replyOf = (usage: Usage): ModelReply => ({
  kind: 'reply',
  content: [],
  stopReason: 'end_turn',
  usage,
  durationMs: 1,
});

function withModel(model: Model, costLimitNanoUsd: number | null, before?: Usage) {
  const priced = { priceOf: plainPriceOf, ...(before === undefined ? {} : { before }) };
  return {
    model,
    ledger: createLedger({ ...priced, limits: { ...noLimits, costLimitNanoUsd } }),
    reporter: recordedReporter(),
  };
}
const reviewer = { agent: 'reviewer', role: 'manager', turn: 1, purpose: 'end' as const };

test('near a limit the input is counted by the service, then the output is cut, and the request says so', async () => {
  const sent: ModelRequest[] = [];
  const send: Model['send'] = (request) => {
    sent.push(request);
    return Promise.resolve(replyOf(used(5)));
  };
  const request = { ...asking('x'), maxTokens: 8_000 };
  // 20,000 bytes at 2,500 and 8,000 tokens at 10,000 are 130,000,000: 110,000,000 leave room for 6,000 tokens.
  const bytes = withModel(answering(send), 110_000_000);
  expect(await askModel(request, 20_000, reviewer, bytes)).toMatchObject({ kind: 'reply' });
  // Counted, the input is 4,000 tokens, and there is room for all of the output.
  const counted = withModel(answering(send, 4_000), 110_000_000);
  expect(await askModel(request, 20_000, reviewer, counted)).toMatchObject({ kind: 'reply' });
  expect(sent.map(({ maxTokens, inputUpperTokens }) => [maxTokens, inputUpperTokens])).toEqual([
    [6_000, 20_000],
    [8_000, 4_000],
  ]);
  expect(bytes.reporter.of('model.asked')).toMatchObject([{ maxTokens: 6_000, reservedNanoUsd: 110_000_000 }]);
  expect(counted.ledger.spent().costNanoUsd).toBe(50_000);
});

test('where there is room nobody is asked to count', async () => {
  const model: Model = {
    send: () => Promise.resolve(replyOf(used(5))),
    countTokens: () => Promise.reject(new Error('not needed')),
  };
  expect(await askModel(asking('x'), 1_000, reviewer, withModel(model, 1_000_000_000))).toMatchObject({
    kind: 'reply',
  });
});

test('a try after a lost reply is announced and reserved, or named as forbidden', async () => {
  const allowed: (string | null)[] = [];
  const send: Model['send'] = (request) => {
    allowed.push(request.reserveAgain?.() ?? null, request.reserveAgain?.() ?? null);
    return Promise.resolve(replyOf({ ...used(2_000), requests: 2 }));
  };
  const deps = withModel(answering(send), 30_000_000);
  await askModel(asking('x'), 1_000, reviewer, deps);
  expect(allowed).toEqual([null, 'limits.cost_limit_usd']);
  expect(deps.reporter.of('model.asked').map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(deps.ledger.reservedNanoUsd()).toBe(0);
  expect(deps.ledger.spent()).toMatchObject({ requests: 2, costNanoUsd: 20_000_000 });
});

test('a limit of one task ends that task and is no limit of the run', async () => {
  const reporter = recordedReporter();
  const limits = { ...noLimits, maxCostPerTaskNanoUsd: 15_000_000 };
  const deps = {
    model: answering(() => Promise.resolve(replyOf(used(900)))),
    ledger: createLedger({ limits, priceOf: plainPriceOf }),
    reporter,
  };
  const turn = (agent: string) => askModel(asking('x'), 1_000, { agent, role: 'r', turn: 1 }, deps);
  expect(await turn('TASK-001')).toMatchObject({ kind: 'reply' });
  expect(await turn('TASK-001')).toEqual({
    kind: 'limit',
    limit: { limit: 'limits.max_cost_per_task_usd', value: '$0.0150', spent: '$0.0090' },
  });
  expect(await turn('TASK-002')).toMatchObject({ kind: 'reply' });
  expect(reporter.of('limit.reached')).toEqual([]);
});

test('a reply that an earlier process paid for is not paid again, and is asked for as it was', async () => {
  const before = { ...used(600), requests: 1 };
  const sent: number[] = [];
  const send: Model['send'] = ({ maxTokens }) => {
    sent.push(maxTokens);
    return Promise.resolve(replyOf(before));
  };
  const deps = withModel(answering(send), 20_000_000, before);
  const reservation = { tokens: 1_700, nanoUsd: 9_500_000, maxTokens: 700 };
  const answer = await askModel(asking('x'), 1_000, reviewer, { ...deps, answeredBefore: () => reservation });
  expect(answer).toMatchObject({ kind: 'reply' });
  expect(sent).toEqual([700]);
  expect(deps.ledger.spent()).toEqual(before);
  // 6,000,000 of 20,000,000 are spent: one more call of 12,500,000 fits, as it did before.
  expect(await askModel(asking('y'), 1_000, { ...reviewer, turn: 2 }, deps)).toMatchObject({ kind: 'reply' });
  expect(deps.ledger.spent().requests).toBe(2);
});
