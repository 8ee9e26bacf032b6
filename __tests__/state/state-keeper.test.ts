import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { BranchFile } from '../../src/state/branch-file.ts';
import type { StateContent } from '../../src/state/state-writer.ts';
import { createStateKeeper } from '../../src/state/state-keeper.ts';

/** A branch that takes its time, and a keeper whose sleeps can be counted: those that nobody has ended. */
function keeperOf() {
  const written: string[] = [];
  let sleeping = 0;
  const file: BranchFile = {
    read: () => Promise.resolve(null),
    head: () => Promise.resolve(null),
    write: async (text) => {
      await sleep(20);
      written.push(text);
      return `commit-${String(written.length)}`;
    },
  };
  const clock = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal): Promise<void> => {
      if (signal?.aborted === true) return Promise.reject(new Error('aborted'));
      sleeping += 1;
      return new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => {
          sleeping -= 1;
          reject(new Error('aborted'));
        }),
      );
    },
  };
  const record: StateContent = Object({ runId: 'run' });
  const keeper = createStateKeeper({
    ...{ file, clock, content: () => ({ record, parents: [] }), clean: (text) => text },
    ...{ onStop: () => undefined, onLost: () => undefined, onFailed: () => undefined },
  });
  return { keeper, written, sleeping: () => sleeping };
}

test('a run that ends before it has claimed its work claims nothing any more', async () => {
  const { keeper, written, sleeping } = keeperOf();
  await keeper.finish();
  expect(await keeper.take(null)).toBe(false);
  expect([written.length, sleeping()]).toEqual([0, 0]);
});

test('a run that ends while it claims its work leaves its last state, and nothing that goes on', async () => {
  const { keeper, written, sleeping } = keeperOf();
  const taken = keeper.take(null);
  await keeper.finish();
  expect(await taken).toBe(true);
  expect([written.length, sleeping()]).toEqual([2, 0]);
});

test('a run that has claimed its work looks again until it ends', async () => {
  const { keeper, written, sleeping } = keeperOf();
  await keeper.take(null);
  expect(sleeping()).toBe(1);
  await keeper.finish();
  expect([written.length, sleeping()]).toEqual([2, 0]);
});
