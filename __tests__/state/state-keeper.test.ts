import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { requestStop } from '../../src/state/request-stop.ts';
import { createStateKeeper, type StateKeeper } from '../../src/state/state-keeper.ts';
import { createStateWriter } from '../../src/state/state-writer.ts';
import { manualClock, settled, type ManualClock } from '../adapters/manual-clock.ts';
import { asIs, contentOf, openStateBed, until, type StateBed } from './state-bed.ts';

let bed: StateBed;
let clock: ManualClock;
let told: string[];
let actor: string;
let keeper: StateKeeper;
beforeEach(async () => {
  bed = await openStateBed();
  clock = manualClock();
  told = [];
  actor = 'ann';
  keeper = createStateKeeper({ ...depsOf('1-1'), onFailed: (error) => told.push(`failed: ${String(error)}`) });
});
afterEach(async () => {
  await keeper.finish();
  await bed.close();
});

const depsOf = (runId: string) => ({
  ...{ file: bed.file(), clock, clean: asIs },
  content: () => ({ record: contentOf(runId, { actor }), parents: [bed.base] }),
  onStop: (by: string) => told.push(`stop by ${by}`),
  onLost: (to: string) => told.push(`lost to ${to}`),
});

test('nothing is written before the work is taken', async () => {
  keeper.touch();
  await clock.advance(60_000);
  await keeper.finish();
  expect(await bed.record()).toBeNull();
});

test('changes of one second reach the repository in one push', async () => {
  await keeper.take(null);
  actor = 'changed';
  keeper.touch();
  await settled();
  keeper.touch();
  await clock.advance(999);
  expect(bed.pushes()).toBe(1);
  await clock.advance(1);
  await until(async () => (await bed.record())?.actor === 'changed');
  expect(bed.pushes()).toBe(2);
});

test('what must be known at once is written without waiting for the second to pass', async () => {
  await keeper.take(null);
  actor = 'changed';
  keeper.touch();
  await keeper.flush();
  expect((await bed.record())?.actor).toBe('changed');
  // Also where a write is under way: what changed meanwhile is in the next.
  actor = 'first';
  keeper.touch();
  const first = keeper.flush();
  await settled();
  actor = 'second';
  keeper.touch();
  await Promise.all([first, keeper.flush()]);
  expect((await bed.record())?.actor).toBe('second');
});

test('a run that was taken over learns of it when it waits for its record', async () => {
  await keeper.take(null);
  await createStateWriter(depsOf('2-1')).take(await bed.file().head());
  await keeper.flush();
  expect(told).toEqual(['lost to 2-1']);
  await keeper.flush();
});

test('a wish to stop is seen without anything having changed', async () => {
  await keeper.take(null);
  await requestStop(bed.file(), 'ben', { nowMs: 0, clean: asIs });
  await clock.advance(15_000);
  await clock.advance(1_000);
  await until(() => told.length > 0);
  expect(told).toEqual(['stop by ben']);
});

test('the last state is written at the end, without waiting for the second to pass', async () => {
  await keeper.take(null);
  actor = 'last';
  keeper.touch();
  await keeper.finish();
  expect((await bed.record())?.actor).toBe('last');
});

test('once another run has taken over, the end writes nothing', async () => {
  await keeper.take(null);
  await createStateWriter(depsOf('2-1')).take(await bed.file().head());
  await keeper.finish();
  expect(told).toEqual(['lost to 2-1']);
  expect((await bed.record())?.runId).toBe('2-1');
});

test('a server that refuses is told once, however often it refuses, and ends nothing', async () => {
  await keeper.take(null);
  await bed.refuse('the branch is locked');
  for (let i = 0; i < 2; i++) {
    const before = bed.pushes();
    keeper.touch();
    // It may still be reading the answer to the push before.
    await until(async () => {
      await clock.advance(1_000);
      return bed.pushes() > before;
    });
  }
  await keeper.finish();
  expect(told).toEqual([expect.stringContaining('the branch is locked')]);
});

test('who was late in taking the work keeps nothing', async () => {
  await createStateWriter(depsOf('2-1')).take(null);
  expect(await keeper.take(null)).toBe(false);
  keeper.touch();
  await clock.advance(60_000);
  await keeper.finish();
  expect((await bed.record())?.runId).toBe('2-1');
});

test('a run that ends before it has taken its work takes nothing any more', async () => {
  await keeper.finish();
  expect(await keeper.take(null)).toBe(false);
  expect([bed.pushes(), clock.sleepers()]).toEqual([0, 0]);
});

test('a run that ends while it takes its work leaves its last state, and nothing that goes on', async () => {
  const taken = keeper.take(null);
  actor = 'changed';
  await keeper.finish();
  expect(await taken).toBe(true);
  expect((await bed.record())?.actor).toBe('changed');
  await settled();
  expect(clock.sleepers()).toBe(0);
});
