import { expect, test } from '@jest/globals';
import type { Clock } from '../src/ports.ts';
import { withinPatience } from '../src/within-patience.ts';

/** A clock whose only sleep ends when the test says so; `asked` is what it was asked for, `left` that it was given up. */
function handClock() {
  let wake = (): void => undefined;
  const seen = { asked: 0, left: false };
  const clock: Clock = {
    now: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        seen.asked = ms;
        wake = resolve;
        signal?.addEventListener('abort', () => {
          seen.left = true;
          reject(new Error('aborted'));
        });
      }),
  };
  return { clock, seen, ring: () => wake() };
}

test('what is known in time is given, and nobody waits on', async () => {
  const { clock, seen } = handClock();
  expect(await withinPatience(Promise.resolve('passes'), 60_000, clock)).toBe('passes');
  expect(seen).toEqual({ asked: 60_000, left: true });
});

test('what takes longer is not waited for', async () => {
  const { clock, ring } = handClock();
  const waiting = withinPatience(new Promise<string>(() => undefined), 60_000, clock);
  ring();
  expect(await waiting).toBeNull();
});

test('what fails in time fails here', async () => {
  const { clock } = handClock();
  await expect(withinPatience(Promise.reject(new Error('no disk')), 60_000, clock)).rejects.toThrow('no disk');
});
