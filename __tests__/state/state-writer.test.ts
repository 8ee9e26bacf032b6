import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { requestStop } from '../../src/state/request-stop.ts';
import type { BranchFile } from '../../src/state/branch-file.ts';
import { createStateWriter, type StateContent, type StateWriter } from '../../src/state/state-writer.ts';
import { manualClock, type ManualClock } from '../adapters/manual-clock.ts';
import { asIs, contentOf, openStateBed, type StateBed } from './state-bed.ts';

let bed: StateBed;
let clock: ManualClock;
let told: string[];
beforeEach(async () => {
  bed = await openStateBed();
  clock = manualClock();
  told = [];
});
afterEach(() => bed.close());

/** A run on a machine of its own. */
function run(runId: string, more: { file?: BranchFile; content?: () => StateContent } = {}): StateWriter {
  const { file = bed.file(), content = () => contentOf(runId) } = more;
  return createStateWriter({
    ...{ file, clock, clean: asIs },
    content: () => ({ record: content(), parents: [bed.base] }),
    onStop: (by) => told.push(`${runId} is asked to stop by ${by}`),
    onLost: (to) => told.push(`${runId} is lost to ${to}`),
  });
}
const askToStop = (by: string) => requestStop(bed.file(), by, { nowMs: clock.now(), clean: asIs });

/** The same file, with something done right before each of the next writes. */
function raced(file: BranchFile, times: number, meanwhile: (i: number) => Promise<unknown>): BranchFile {
  let left = times;
  return {
    ...file,
    write: async (...args) => {
      if (left-- > 0) await meanwhile(left);
      return file.write(...args);
    },
  };
}

test('of two runs that take the same work at once one gets it', async () => {
  const taken = await Promise.all([run('1-1').take(null), run('2-1').take(null)]);
  expect([...taken].sort()).toEqual([false, true]);
  expect((await bed.record())?.runId).toBe(taken[0] ? '1-1' : '2-1');
});

test('a wish to stop that was written between our read and our write is heeded, and stays in what we write', async () => {
  let actor = 'ann';
  const file = raced(bed.file(), 2, async (i) => (i === 0 ? askToStop('ben') : null));
  const writer = run('1-1', { file, content: () => contentOf('1-1', { actor }) });
  await writer.take(null);
  actor = 'changed';
  await writer.write();
  expect(told).toEqual(['1-1 is asked to stop by ben']);
  expect(await bed.record()).toMatchObject({ actor: 'changed', stop: { by: 'ben', atMs: 0 } });
  expect(writer.isLost()).toBe(false);
});

test('a wish to stop is seen by looking, told once, and answered with nothing', async () => {
  const writer = run('1-1');
  await writer.take(null);
  await askToStop('ben');
  const head = await bed.file().head();
  await writer.look();
  await writer.look();
  expect(told).toEqual(['1-1 is asked to stop by ben']);
  expect(await bed.file().head()).toBe(head);
});

test('a run whose work another one has taken over writes nothing any more', async () => {
  const [first, second] = [run('1-1'), run('2-1')];
  await first.take(null);
  await second.take(await bed.file().head());
  first.touch();
  await first.look();
  await first.write();
  expect(told).toEqual(['1-1 is lost to 2-1']);
  expect(first.isLost()).toBe(true);
  expect((await bed.record())?.runId).toBe('2-1');
});

test('a run finds out in the middle of a write that it was taken over', async () => {
  const second = run('2-1');
  const file = raced(bed.file(), 2, async (i) => (i === 0 ? second.take(await bed.file().head()) : null));
  const first = run('1-1', { file });
  await first.take(null);
  await first.write();
  expect(told).toEqual(['1-1 is lost to 2-1']);
  expect((await bed.record())?.runId).toBe('2-1');
});

test('nothing is pushed while nothing changes, but for a sign of life each minute', async () => {
  const writer = run('1-1');
  await writer.take(null);
  await writer.look();
  await clock.advance(59_999);
  await writer.look();
  expect(bed.pushes()).toBe(1);
  await clock.advance(1);
  await writer.look();
  expect(bed.pushes()).toBe(2);
  expect((await bed.record())?.beatAtMs).toBe(60_000);
});

test('a push that is refused for another reason is told, and made again at the next look', async () => {
  const file = bed.file();
  let fails = 0;
  const failing = raced(file, 2, async (i) => {
    if (i === 0 && fails++ === 0) throw new Error('refused by a rule of the branch');
  });
  let actor = 'ann';
  const writer = run('1-1', { file: failing, content: () => contentOf('1-1', { actor }) });
  await writer.take(null);
  actor = 'changed';
  writer.touch();
  await expect(writer.look()).rejects.toThrow('refused by a rule');
  expect((await bed.record())?.actor).toBe('ann');
  await writer.look();
  expect((await bed.record())?.actor).toBe('changed');
});

test('a write that somebody was before each time is made again at the next look', async () => {
  let actor = 'ann';
  const spoil = async () => askStopAnew();
  const file = raced(bed.file(), 6, async (i) => (i === 5 ? null : spoil()));
  const writer = run('1-1', { file, content: () => contentOf('1-1', { actor }) });
  await writer.take(null);
  actor = 'changed';
  await writer.write();
  expect((await bed.record())?.actor).toBe('ann');
  await writer.look();
  expect((await bed.record())?.actor).toBe('changed');
});

/** Writes the record as it is once more, as any other hand might. */
async function askStopAnew(): Promise<void> {
  const file = bed.file();
  const there = await file.read();
  if (there?.text != null) await file.write(there.text, [there.commit], there.commit);
}
