import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { requestStop } from '../../src/state/request-stop.ts';
import type { BranchFile } from '../../src/state/branch-file.ts';
import { formatStateRecord, type StateRecord } from '../../src/state/state-record.ts';
import { git } from '../adapters/git-bed.ts';
import { asIs, branch, contentOf, openStateBed, type StateBed } from './state-bed.ts';

let bed: StateBed;
let run: BranchFile;
beforeEach(async () => {
  bed = await openStateBed();
  run = bed.file();
});
afterEach(() => bed.close());

/** The run writes its record over what the branch points at. */
async function writes(more: Partial<StateRecord> = {}): Promise<string | null> {
  const record = { ...contentOf('7-1'), beatAtMs: 0, stop: null, ...more };
  return run.write(formatStateRecord(record, asIs), [bed.base], await run.head());
}
const ask = (by: string, nowMs = 1000, file = bed.file()) => requestStop(file, by, { nowMs, clean: asIs });

/** The same file, where somebody else writes before each of the first writes. */
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

test('the wish is written into the record of the run that is at work, and all else in it stays', async () => {
  await writes({ request: 'a'.repeat(64) });
  expect(await ask('ben')).toEqual({ kind: 'asked', runId: '7-1' });
  expect(await bed.record()).toMatchObject({
    ...contentOf('7-1', { request: 'a'.repeat(64) }),
    stop: { by: 'ben', atMs: 1000 },
  });
});

test('the commits that a later start needs stay reachable', async () => {
  const record = await writes();
  await ask('ben');
  expect(git(bed.server.repository, 'rev-list', branch).split('\n').slice(1)).toEqual([record, bed.base]);
});

test('nobody is asked where no run is at work', async () => {
  expect(await ask('ben')).toEqual({ kind: 'nobody' });
  await writes({ phase: 'ended' });
  expect(await ask('ben')).toEqual({ kind: 'nobody' });
  const dead = await writes();
  expect(await ask('ben', 180_000)).toEqual({ kind: 'nobody' });
  expect(await run.head()).toBe(dead);
});

test('who asks second changes nothing: the first one is named', async () => {
  await writes();
  await ask('ben');
  const head = await run.head();
  expect(await ask('carl')).toEqual({ kind: 'asked', runId: '7-1' });
  expect(await run.head()).toBe(head);
});

test('two who ask at once are both heard, and one of them is named', async () => {
  await writes();
  const answers = await Promise.all([ask('ben'), ask('carl')]);
  expect(answers).toEqual([
    { kind: 'asked', runId: '7-1' },
    { kind: 'asked', runId: '7-1' },
  ]);
  expect(['ben', 'carl']).toContain((await bed.record())?.stop?.by);
});

test('what the run writes between our reading and our writing is kept', async () => {
  await writes();
  const file = raced(bed.file(), 1, () => writes({ actor: 'newer' }));
  expect(await ask('ben', 1000, file)).toEqual({ kind: 'asked', runId: '7-1' });
  expect(await bed.record()).toMatchObject({ actor: 'newer', stop: { by: 'ben' } });
});

test('a run that ends between our reading and our writing is left alone', async () => {
  await writes();
  const file = raced(bed.file(), 1, () => writes({ phase: 'ended' }));
  expect(await ask('ben', 1000, file)).toEqual({ kind: 'nobody' });
  expect(await bed.record()).toMatchObject({ phase: 'ended', stop: null });
});

test('a record that changes each time is given up on, with an error', async () => {
  await writes();
  const file = raced(bed.file(), 9, (i) => writes({ actor: `time ${String(i)}` }));
  await expect(ask('ben', 1000, file)).rejects.toThrow('changed each time');
});
