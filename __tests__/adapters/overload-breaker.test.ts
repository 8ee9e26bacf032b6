import { describe, expect, test } from '@jest/globals';
import {
  createOverloadBreaker,
  type AttemptOutcome,
  type OverloadBreaker,
  type Slot,
} from '../../src/adapters/overload-breaker.ts';
import { settled } from './manual-clock.ts';

const never = new AbortController().signal;

/** So many attempts at once, which all end alike. */
async function round(breaker: OverloadBreaker, count: number, outcome: AttemptOutcome): Promise<void> {
  const slots = await Promise.all(Array.from({ length: count }, () => breaker.enter(never)));
  for (const slot of slots) slot.end(outcome);
}

describe('the breaker', () => {
  test('lets everybody in until something goes wrong', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 50, 'success');
    await round(breaker, 50, 'other');
    expect(breaker.limit()).toBe(Infinity);
  });

  test('halves what ran at once after four overloaded answers in a row, from whichever agents', async () => {
    const breaker = createOverloadBreaker();
    const slots = await Promise.all(Array.from({ length: 8 }, () => breaker.enter(never)));
    for (const slot of slots.slice(0, 3)) slot.end('overloaded');
    expect(breaker.limit()).toBe(Infinity);
    slots[3]?.end('overloaded');
    expect(breaker.limit()).toBe(4);
  });

  test('counts anew after a success, but not after what says nothing of the load', async () => {
    const breaker = createOverloadBreaker();
    const slots = await Promise.all(Array.from({ length: 9 }, () => breaker.enter(never)));
    const outcomes: AttemptOutcome[] = ['overloaded', 'overloaded', 'overloaded', 'success', 'overloaded'];
    for (const outcome of [...outcomes, 'other' as const, 'overloaded' as const, 'overloaded' as const])
      slots.shift()?.end(outcome);
    expect(breaker.limit()).toBe(Infinity);
    slots.shift()?.end('overloaded');
    expect(breaker.limit()).toBe(4);
  });

  test('halves after one answer that we ask too much', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 8, 'success');
    await round(breaker, 1, 'rate-limit');
    expect(breaker.limit()).toBe(4);
  });

  test('is not cut again by attempts that began before it was', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 8, 'rate-limit');
    expect(breaker.limit()).toBe(4);
    await round(breaker, 4, 'rate-limit');
    expect(breaker.limit()).toBe(2);
  });

  test('keeps at least one, and does not limit what was never more than one', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 1, 'rate-limit');
    expect(breaker.limit()).toBe(Infinity);
    await round(breaker, 2, 'rate-limit');
    await round(breaker, 1, 'rate-limit');
    expect(breaker.limit()).toBe(1);
  });

  test('grows by one with every ten successes', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 8, 'rate-limit');
    for (let i = 0; i < 9; i++) await round(breaker, 1, 'success');
    expect(breaker.limit()).toBe(4);
    await round(breaker, 1, 'success');
    expect(breaker.limit()).toBe(5);
  });

  test('holds back who is too many, and lets them in as others end, in the order they came', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 4, 'rate-limit');
    const order: number[] = [];
    const slots: Slot[] = [];
    for (const number of [1, 2, 3, 4])
      void breaker.enter(never).then((slot) => {
        order.push(number);
        slots.push(slot);
      });
    await settled();
    expect(order).toEqual([1, 2]);
    slots[0]?.end('success');
    await settled();
    expect(order).toEqual([1, 2, 3]);
    slots[1]?.end('other');
    await settled();
    expect(order).toEqual([1, 2, 3, 4]);
  });

  test('lets go who is told to stop, and gives the turn to the next', async () => {
    const breaker = createOverloadBreaker();
    await round(breaker, 2, 'rate-limit');
    const held = await breaker.enter(never);
    const stop = new AbortController();
    const stopped = breaker.enter(stop.signal);
    const next = breaker.enter(never);
    // The turn comes and is lost in the same moment.
    held.end('success');
    stop.abort();
    (await stopped).end('success');
    (await next).end('success');
    expect(breaker.limit()).toBe(1);
  });
});
