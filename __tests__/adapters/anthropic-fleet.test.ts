import { describe, expect, test } from '@jest/globals';
import { fail, say, type Turn } from '../../testbed/model/script.ts';
import { bench } from './anthropic-bench.ts';
import { firstRequest, repeatedInput, turns, work } from './anthropic-fleet.ts';

const eight = [1, 2, 3, 4, 5, 6, 7, 8];

describe('a whole fleet', () => {
  test('of eight agents reads at least nine tenths of its repeated input from the cache', async () => {
    const { model, server: bed } = await bench(turns(20).map((turn) => ({ ...Object(turn), latencyMs: 2 })));
    await Promise.all(eight.map((task) => work(model, task)));
    expect(bed.requests).toHaveLength(8 * 20);
    const { tokens, read } = repeatedInput(bed.requests);
    expect(tokens).toBeGreaterThan(2_000_000);
    expect(read / tokens).toBeGreaterThanOrEqual(0.9);
    expect(Math.max(...bed.requests.map(({ marks }) => marks.length))).toBe(4);
    expect(bed.refusals).toEqual([]);
  });
});

describe('the first requests of a fleet', () => {
  const slow: Turn = { ...say('ok'), latencyMs: 30 };

  test.each([[[1, 2]], [eight]])('at once write the shared prefix only once (%p)', async (tasks) => {
    const { model, server: bed } = await bench([slow]);
    await Promise.all(tasks.map((task) => model.send(firstRequest(task))));
    const written = bed.requests.map(({ inputUsage }) => inputUsage.cache_creation_input_tokens);
    expect(written.filter((tokens) => tokens > 10_000)).toHaveLength(1);
    expect(written).toHaveLength(tasks.length);
  });

  test('are not held up by a first one that fails', async () => {
    // Each conversation is refused once; only then is it answered.
    const { model, server: bed } = await bench([{ ...fail(529) }, slow]);
    const replies = await Promise.all(eight.map((task) => model.send(firstRequest(task))));
    expect(replies.map(({ kind }) => kind)).toEqual(Array(8).fill('reply'));
    const written = bed.requests.map(({ inputUsage }) => inputUsage.cache_creation_input_tokens);
    expect(written.length).toBe(16);
  });

  test('go on when the first one is stopped', async () => {
    const { model } = await bench([{ kind: 'silence' }]);
    const stop = new AbortController();
    const first = model.send(firstRequest(1), stop.signal);
    const second = model.send(firstRequest(2), stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    expect([await first, await second]).toMatchObject([{ reason: 'aborted' }, { reason: 'aborted' }]);
  });
});
