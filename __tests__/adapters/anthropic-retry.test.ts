import { describe, expect, test } from '@jest/globals';
import { failureOf } from '../../src/adapters/anthropic-failure.ts';
import { askModel } from '../../src/agent/ask-model.ts';
import { createLedger } from '../../src/money/ledger.ts';
import { priceOf } from '../../src/money/prices.ts';
import { noUsage } from '../../src/money/usage.ts';
import { call, fail, say, type Turn } from '../../testbed/model/script.ts';
import { bench, failed, fastClock, request, whole } from './anthropic-bench.ts';

describe('what passes is tried again', () => {
  test('an overloaded service that recovers costs only the reply that came', async () => {
    const { model, retries } = await bench([fail(529), fail(500), fail(408), fail(409), fail(429), say('ok')]);
    const reply = whole(await model.send(request));
    expect(reply.usage.requests).toBe(1);
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(retries[0]?.reason).toBe('529 overloaded_error: scripted overloaded_error');
  });

  test('own delays double up to a minute, spread by chance', async () => {
    const { model, retries } = await bench([...Array<Turn>(8).fill(fail(529)), say('ok')], { chance: () => 0.01 });
    await model.send(request);
    expect(retries.map(({ delayMs }) => delayMs)).toEqual([10, 20, 40, 80, 160, 320, 600, 600]);
  });

  test.each([
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': 'soon' }, 0],
  ])('with %p it waits %p ms', async (headers, delayMs) => {
    const { model, retries } = await bench([fail(429, { headers }), say('ok')]);
    whole(await model.send(request));
    expect(retries.map((retry) => retry.delayMs)).toEqual([delayMs]);
  });

  test.each(['disconnect', 'end', 'stall', 'error'] as const)(
    'a stream that breaks by %p is thrown away whole, and paid for at its worst case',
    async (kind) => {
      const broken = { ...say('half a', call('read', {})), fault: { kind, afterEvents: 5 } };
      const turns = [broken, { ...say('whole'), outputTokens: 7 }];
      const { model, server: bed, retries } = await bench(turns, { clock: fastClock(100) });
      const reply = whole(await model.send(request));
      expect(reply.content).toEqual([{ type: 'text', text: 'whole' }]);
      expect(retries).toHaveLength(1);
      const input = bed.requests[0]?.inputUsage.input_tokens ?? 0;
      // Input was reported before the break; of the output nobody knows, so all that was allowed counts.
      expect(reply.usage).toMatchObject({ requests: 2, inputTokens: 2 * input, outputTokens: 1_000 + 7 });
    },
  );

  test('output that was reported before the break is not guessed', async () => {
    const broken = { ...say('half'), outputTokens: 12, fault: { kind: 'end', afterEvents: 9 } } as const;
    const { model } = await bench([broken, { ...say('whole'), outputTokens: 7 }]);
    expect(whole(await model.send(request)).usage.outputTokens).toBe(19);
  });

  test('an error event before the reply began costs nothing', async () => {
    const { model } = await bench([{ ...say('x'), fault: { kind: 'error', afterEvents: 0 } }, say('ok')]);
    expect(whole(await model.send(request)).usage.requests).toBe(1);
  });

  test('a connection that is closed without an answer is paid for at the bound that was reserved', async () => {
    const { model, retries } = await bench([{ kind: 'hang-up' }, { ...say('ok'), outputTokens: 1 }]);
    const { usage } = whole(await model.send(request));
    expect(usage).toMatchObject({ requests: 2, cacheWriteTokens: 5_000, outputTokens: 1_001 });
    expect(retries[0]?.reason).toMatch(/^the connection broke/);
  });

  test('a service that never answers is given up after the time for a first event', async () => {
    const { model, retries } = await bench([{ kind: 'silence' }, say('ok')], { clock: fastClock(100) });
    whole(await model.send(request));
    expect(retries).toMatchObject([{ reason: 'the stream fell silent' }]);
  });

  test('ten tries are made, not one more', async () => {
    const { model, server: bed, retries } = await bench(Array<Turn>(12).fill(fail(529)));
    const reply = failed(await model.send(request));
    expect(reply).toMatchObject({ reason: 'overloaded', usage: noUsage });
    expect(reply.message).toContain('after 10 tries');
    expect([bed.requests.length, retries.length]).toEqual([10, 9]);
  });

  test('where nobody ever answered it is given up after three tries, for nothing, with the address', async () => {
    const { model, server: bed, retries } = await bench([]);
    await bed.close();
    const reply = failed(await model.send(request));
    expect(reply).toMatchObject({ reason: 'network', usage: noUsage });
    expect(reply.message).toContain(`no connection to ${bed.url} (is the address right?): `);
    expect(reply.message).toContain('after 3 tries');
    expect(retries).toHaveLength(2);
  });

  test('so it is with a name that is known nowhere, but not while the name server is away', () => {
    const at = { nowMs: 0, address: 'https://llm.example' };
    const lookupFailure = (code: string) =>
      new Error('fetch failed', { cause: Object.assign(new Error(`getaddrinfo ${code} llm.example`), { code }) });
    expect(failureOf(lookupFailure('ENOTFOUND'), at)).toMatchObject({
      isAddressDead: true,
      cost: 'none',
      message: 'no connection to https://llm.example (is the address right?): getaddrinfo ENOTFOUND llm.example',
    });
    expect(failureOf(lookupFailure('EAI_AGAIN'), at)).toMatchObject({
      isAddressDead: false,
      cost: 'none',
      message: 'no connection to https://llm.example: getaddrinfo EAI_AGAIN llm.example',
    });
  });

  test('a service that answered before and is gone is waited for', async () => {
    const { model, server: bed, retries } = await bench([fail(400)]);
    failed(await model.send(request));
    await bed.close();
    expect(failed(await model.send(request)).message).toContain('after 10 tries');
    expect(retries).toHaveLength(9);
  });

  test('a call has 15 minutes for all its tries', async () => {
    const { model, retries } = await bench(Array<Turn>(10).fill({ kind: 'silence' }), {
      clock: fastClock(200),
    });
    const reply = failed(await model.send(request));
    // 300 s for each first event: the third is cut by the deadline, or is not worth another wait.
    expect(reply.reason).toBe('network');
    expect(retries.length).toBeLessThanOrEqual(3);
  });
});

describe('what does not pass is told at once', () => {
  test.each([
    [fail(401), 'auth'],
    [fail(403), 'auth'],
    [fail(402), 'spend-limit'],
    [fail(404), 'unknown-model'],
    [fail(400), 'invalid-request'],
    [fail(422), 'invalid-request'],
    [fail(429, { errorCode: 'enforced_spend_limit_reached' }), 'spend-limit'],
    [
      { ...say('x'), fault: { kind: 'error', afterEvents: 0, errorType: 'invalid_request_error' } } as const,
      'invalid-request',
    ],
  ])('%p is %p', async (turn, reason) => {
    const { model, server: bed, retries } = await bench([turn, say('ok')]);
    expect(failed(await model.send(request))).toMatchObject({ reason, usage: noUsage });
    expect([bed.requests.length, retries.length]).toEqual([1, 0]);
  });

  test('a wrong key fails as auth and is not shown', async () => {
    const { model } = await bench([say('ok')], { apiKey: 'sk-secret-other' });
    const reply = failed(await model.send(request));
    expect(reply.reason).toBe('auth');
    expect(reply.message).not.toContain('sk-secret-other');
  });

  test('a model that the service lacks is told by its name', async () => {
    const { model } = await bench([], { priceOf: () => priceOf('claude-opus-5') });
    const reply = failed(await model.send({ ...request, model: 'claude-opus-9' }));
    expect(reply).toMatchObject({ reason: 'unknown-model', message: expect.stringContaining('claude-opus-9') });
  });

  test('a model without a price is never called', async () => {
    const { model, server: bed } = await bench([say('ok')], { priceOf: () => null });
    await expect(model.send(request)).rejects.toMatchObject({ code: 'model-unpriced' });
    expect(bed.requests).toEqual([]);
  });
});

describe('stopping', () => {
  test('cuts a reply under way and counts it at its worst case', async () => {
    const { model, server: bed } = await bench([{ ...say('x'), fault: { kind: 'stall', afterEvents: 3 } }], {
      clock: fastClock(1),
    });
    const stop = new AbortController();
    const sent = model.send(request, stop.signal);
    while (bed.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    expect(failed(await sent)).toMatchObject({ reason: 'aborted', usage: { requests: 1, outputTokens: 1_000 } });
  });

  test('during a wait ends it, and costs nothing more', async () => {
    const stop = new AbortController();
    const { model, server: bed } = await bench([fail(429, { headers: { 'retry-after': '100' } }), say('ok')], {
      clock: fastClock(1),
      onRetry: () => stop.abort(),
    });
    expect(failed(await model.send(request, stop.signal))).toMatchObject({ reason: 'aborted', usage: noUsage });
    expect(bed.requests).toHaveLength(1);
  });

  test('before the call sends nothing', async () => {
    const { model, server: bed } = await bench([say('ok')]);
    expect(failed(await model.send(request, AbortSignal.abort()))).toMatchObject({ reason: 'aborted', usage: noUsage });
    expect(bed.requests).toEqual([]);
  });
});

describe('with a ledger', () => {
  const broken = { ...say('half'), fault: { kind: 'end', afterEvents: 4 } } as const;
  /** 5,000 x 2,500 + 1,000 x 10,000 nano-dollars, and a tenth more as it may run in the US alone. */
  const oneCall = 24_750_000;

  async function askOnce(costLimitNanoUsd: number) {
    const ledger = createLedger({
      limits: { maxApiCalls: null, tokenBudget: null, costLimitNanoUsd },
      priceOf: (name) => priceOf(name),
    });
    const { model, server: bed } = await bench([broken, say('whole')]);
    const reporter = { emit: () => undefined };
    const asker = { agent: 'reviewer', role: 'manager', turn: 1, purpose: 'end' as const };
    const reply = await askModel({ ...request, maxTokens: 1_000 }, 5_000, asker, { model, ledger, reporter });
    if (reply.kind === 'limit') throw new Error('the first try must fit');
    return { ledger, bed, reply };
  }

  test('a try after a lost one is made only if it fits the limits too', async () => {
    const { ledger, bed, reply } = await askOnce(2 * oneCall - 1);
    expect(failed(reply).message).toContain('not tried again because of limits.cost_limit_usd');
    expect(bed.requests).toHaveLength(1);
    expect(ledger.spent().costNanoUsd).toBeLessThanOrEqual(2 * oneCall);
  });

  test('and its reservation is gone when all is settled', async () => {
    const { ledger, bed, reply } = await askOnce(2 * oneCall);
    expect(whole(reply).usage.requests).toBe(2);
    expect(bed.requests).toHaveLength(2);
    expect(ledger.reservedNanoUsd()).toBe(0);
    expect(ledger.spent()).toEqual(reply.usage);
  });
});
