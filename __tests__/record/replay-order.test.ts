import { expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/events.ts';
import { createReplayOrder, type ReplayOrder } from '../../src/record/replay-order.ts';
import { manualClock, settled } from '../adapters/manual-clock.ts';

const entry = (seq: number): JournalEntry => ({ seq, atMs: 0, event: { type: 'stage.started', stage: 'plan' } });

/** Entries 1, 3 and 5 are awaited; what happens is written down. */
function start(more: { readonly fromOutside?: number } = {}) {
  const clock = manualClock();
  const awaited = [entry(1), entry(3), entry(5)];
  const seen: string[] = [];
  const order: ReplayOrder = createReplayOrder({
    awaited,
    clock,
    onDue: ({ seq }) => {
      if (seq !== more.fromOutside) return false;
      seen.push(`due ${seq}`);
      return true;
    },
    onMissing: ({ seq }) => void seen.push(`missing ${seq}`),
  });
  const tell = (i: number): void => {
    const one = awaited[i];
    if (one !== undefined) order.told(one);
  };
  const wait = (seq: number): void => void order.reach(seq).then(() => seen.push(`reached ${seq}`));
  return { clock, order, seen, tell, wait };
}

test('an answer waits until all that was told before it has been told again, in whatever order', async () => {
  const { seen, tell, wait } = start();
  wait(4);
  wait(0);
  await settled();
  expect(seen).toEqual(['reached 0']);
  tell(1);
  await settled();
  expect(seen).toEqual(['reached 0']);
  tell(0);
  await settled();
  expect(seen).toEqual(['reached 0', 'reached 4']);
});

test('what comes from outside comes when it is its turn', async () => {
  const { seen, tell, wait } = start({ fromOutside: 3 });
  wait(4);
  await settled();
  expect(seen).toEqual([]);
  tell(0);
  await settled();
  expect(seen).toEqual(['due 3', 'reached 4']);
});

test('a run that stands still passes over what it does not tell, but not while work is under way', async () => {
  const { clock, order, seen, wait } = start();
  let end = (): void => undefined;
  void order.busy(new Promise<void>((resolve) => (end = resolve)));
  wait(2);
  for (let i = 0; i < 20; i++) await clock.advance(5);
  expect(seen).toEqual([]);
  end();
  for (let i = 0; i < 20; i++) await clock.advance(5);
  expect(seen).toEqual(['missing 1', 'reached 2']);
  expect(order.untold().map(({ seq }) => seq)).toEqual([3, 5]);
});

test('once it is open nobody waits', async () => {
  const { order, seen, wait } = start();
  wait(6);
  order.open();
  await settled();
  expect(seen).toEqual(['reached 6']);
});
