import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createBranchFile, type BranchFile } from '../../src/state/branch-file.ts';
import { leaveStop, stopFile, watchForStop } from '../../src/state/stop-note.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { git, makeBed, type Bed } from '../adapters/git-bed.ts';

let bed: Bed;
let file: BranchFile;
let ended: AbortController;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'one\n' });
  ended = new AbortController();
  file = createBranchFile({
    git: bed.store,
    branch: 'ai/state/issue-1',
    file: stopFile,
    subject: 'x',
    anyId: bed.base,
  });
});
afterEach(async () => {
  ended.abort();
  await bed.close();
});

/** Watches, with the looks at the branch that have ended counted. */
function watch(over: { readonly file?: BranchFile; readonly onFailed?: (error: unknown) => void } = {}) {
  const heard: string[] = [];
  let looks = 0;
  const { file: watched = file, ...rest } = over;
  const head: BranchFile['head'] = () => watched.head().finally(() => (looks += 1));
  const onFailed = (error: unknown): void => {
    throw error;
  };
  const onStop = (by: string): void => void heard.push(by);
  const watching = watchForStop({
    ...{ clock: systemClock, signal: ended.signal, lookMs: 5, onStop, onFailed, ...rest },
    file: { ...watched, head },
  });
  /** After so many looks more. */
  const looked = async (more = 2): Promise<void> => {
    for (const until = looks + more; looks < until;) await systemClock.sleep(5);
  };
  return { heard, watching, looked };
}

test('a word that is left while a run is at work reaches it, with the name of whoever left it', async () => {
  const { heard, watching, looked } = watch();
  await looked();
  expect(heard).toEqual([]);
  await leaveStop(file, 'ada', 1);
  await watching;
  expect(heard).toEqual(['ada']);
});

test('a word for an earlier run is none for this one, and the next one is', async () => {
  await leaveStop(file, 'ada', 1);
  const { heard, watching, looked } = watch();
  await looked();
  expect(heard).toEqual([]);
  await leaveStop(file, 'bob', 2);
  await watching;
  expect(heard).toEqual(['bob']);
  expect(git(bed.checkout, 'rev-list', '--count', 'ai/state/issue-1')).toBe('2');
});

test('what else is written on the branch stops nobody, and the watch ends with its run', async () => {
  const { heard, watching, looked } = watch();
  await looked();
  await file.write('{"version":1,"by":7}', [], null);
  await looked();
  ended.abort();
  await watching;
  expect(heard).toEqual([]);
});

test('a branch that cannot be read is told once, and looked at again', async () => {
  const failures: unknown[] = [];
  let isDown = true;
  const flaky: BranchFile = { ...file, head: () => (isDown ? Promise.reject(new Error('down')) : file.head()) };
  const { heard, watching, looked } = watch({ file: flaky, onFailed: (error) => failures.push(error) });
  await looked();
  isDown = false;
  await looked();
  await leaveStop(file, 'ada', 1);
  await watching;
  expect(failures).toHaveLength(1);
  expect(heard).toEqual(['ada']);
});
