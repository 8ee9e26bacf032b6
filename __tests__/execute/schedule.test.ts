import { describe, expect, test } from '@jest/globals';
import { schedule, type ScheduleDeps } from '../../src/execute/schedule.ts';
import type { Task } from '../../src/types.ts';
import { resultOf, taskOf } from '../support/run-events.ts';

const task = (number: number, ...dependsOn: readonly number[]): Task =>
  taskOf(number, { dependsOn: dependsOn.map((id) => `TASK-00${id}`) });

/** Builds that end when the test says so; what happened, in order. */
function bench(over: Partial<ScheduleDeps<Task>> = {}) {
  const log: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const deps: ScheduleDeps<Task> = {
    maxParallel: 8,
    stopReason: () => null,
    skip: (skipped, reason) => resultOf(skipped, { status: 'skipped', reason }),
    build: (built) => {
      log.push(`build ${built.id}`);
      return new Promise((resolve, reject) => ends.set(built.id, { resolve: () => resolve(built), reject }));
    },
    land: (built) => {
      log.push(`land ${built.id}`);
      return Promise.resolve(true);
    },
    ...over,
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    deps,
    log,
    end: async (number: number) => {
      ends.get(`TASK-00${number}`)?.resolve();
      await settled();
    },
    crash: async (number: number, why: string) => {
      ends.get(`TASK-00${number}`)?.reject(new Error(why));
      await settled();
    },
    settled,
  };
}

describe('a task', () => {
  test('starts when its own dependencies have landed, not when their whole layer has', async () => {
    const run = bench();
    const done = schedule([task(1), task(2), task(3, 1), task(4, 2, 3)], run.deps);
    expect(run.log).toEqual(['build TASK-001', 'build TASK-002']);
    await run.end(1);
    expect(run.log.slice(2)).toEqual(['land TASK-001', 'build TASK-003']);
    await run.end(3);
    expect(run.log.slice(4)).toEqual(['land TASK-003']);
    await run.end(2);
    expect(run.log.slice(5)).toEqual(['land TASK-002', 'build TASK-004']);
    await run.end(4);
    expect(await done).toEqual([]);
  });

  test('waits for a free place', async () => {
    const run = bench({ maxParallel: 2 });
    const done = schedule([task(1), task(2), task(3)], run.deps);
    expect(run.log).toEqual(['build TASK-001', 'build TASK-002']);
    await run.end(2);
    expect(run.log).toContain('build TASK-003');
    await run.end(1);
    await run.end(3);
    await done;
  });

  test('keeps its place until it has landed', async () => {
    let land: (landed: boolean) => void = () => undefined;
    const run = bench({ maxParallel: 1, land: () => new Promise((resolve) => (land = resolve)) });
    const done = schedule([task(1), task(2)], run.deps);
    await run.end(1);
    expect(run.log).toEqual(['build TASK-001']);
    land(true);
    await run.settled();
    expect(run.log).toEqual(['build TASK-001', 'build TASK-002']);
    await run.end(2);
    land(true);
    await done;
  });
});

test('two tasks never land at the same time, and land in the order in which they were built', async () => {
  const lands: (() => void)[] = [];
  const landing: string[] = [];
  const run = bench({
    land: (built) => {
      landing.push(built.id);
      return new Promise((resolve) => lands.push(() => resolve(true)));
    },
  });
  const done = schedule([task(1), task(2), task(3)], run.deps);
  await run.end(3);
  await run.end(1);
  await run.end(2);
  expect(landing).toEqual(['TASK-003']);
  lands[0]?.();
  await run.settled();
  expect(landing).toEqual(['TASK-003', 'TASK-001']);
  lands[1]?.();
  await run.settled();
  lands[2]?.();
  await done;
  expect(landing).toEqual(['TASK-003', 'TASK-001', 'TASK-002']);
});

describe('what waits for a task that was not merged', () => {
  test('is skipped with the task to blame, dependents of dependents too, and the rest goes on', async () => {
    const run = bench({ land: ({ id }) => Promise.resolve(id !== 'TASK-001') });
    const done = schedule([task(1), task(2, 1), task(3, 2), task(4)], run.deps);
    await run.end(1);
    await run.end(4);
    expect((await done).map(({ task: { id }, reason }) => [id, reason])).toEqual([
      ['TASK-002', 'it needs TASK-001, which was not merged'],
      ['TASK-003', 'it needs TASK-002, which was not merged'],
    ]);
    expect(run.log.filter((line) => line.startsWith('build'))).toEqual(['build TASK-001', 'build TASK-004']);
  });
});

test('once the run is to stop nothing starts, what runs ends, and the rest is skipped with the reason', async () => {
  let reason: string | null = null;
  const run = bench({ stopReason: () => reason });
  const done = schedule([task(1), task(2, 1), task(3, 2)], run.deps);
  reason = 'the money is spent';
  await run.end(1);
  expect(run.log).toEqual(['build TASK-001', 'land TASK-001']);
  expect((await done).map(({ task: { id }, reason: why }) => [id, why])).toEqual([
    ['TASK-002', 'the money is spent'],
    ['TASK-003', 'the money is spent'],
  ]);
});

describe('a build that rejects', () => {
  test('ends the schedule with its reason, after what runs has ended and without starting more', async () => {
    const run = bench();
    const done = schedule([task(1), task(2), task(3, 2)], run.deps);
    let ended = false;
    const rejected = expect(done)
      .rejects.toThrow('toolhost died')
      .finally(() => (ended = true));
    await run.crash(1, 'toolhost died');
    expect(ended).toBe(false);
    await run.end(2);
    await rejected;
    expect(run.log).toEqual(['build TASK-001', 'build TASK-002', 'land TASK-002']);
  });

  test('does not leave a second rejection without anybody to hear it', async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown): void => void unheard.push(error);
    process.on('unhandledRejection', hear);
    const run = bench();
    const rejected = expect(schedule([task(1), task(2)], run.deps)).rejects.toThrow('first');
    await run.crash(1, 'first');
    await run.crash(2, 'second');
    await rejected;
    await run.settled();
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });

  test('counts for landing too, and the next one lands all the same', async () => {
    const run = bench({
      land: ({ id }) => (id === 'TASK-001' ? Promise.reject(new Error('disk full')) : Promise.resolve(true)),
    });
    const rejected = expect(schedule([task(1), task(2)], run.deps)).rejects.toThrow('disk full');
    await run.end(1);
    await run.end(2);
    await rejected;
  });
});
