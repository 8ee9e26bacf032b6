import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { startProgress, type ProgressDeps, type ProgressPublisher } from '../../src/publish/progress-publisher.ts';

interface Desk {
  readonly publisher: ProgressPublisher;
  readonly calls: string[];
  readonly saved: number[];
  readonly failures: unknown[];
  /** Most calls that were under way at once. */
  busiest(): number;
  set(text: string): void;
}

/** A comment whose every call takes `latencyMs` and fails where `fails` says so; calls count from 1. */
function desk(
  over: Partial<ProgressDeps> = {},
  faults: { latencyMs?: number; fails?: (call: number) => boolean } = {},
): Desk {
  const [calls, saved, failures]: [string[], number[], unknown[]] = [[], [], []];
  let [text, under, most] = ['first', 0, 0];
  const answer = async (call: string) => {
    calls.push(call);
    most = Math.max(most, ++under);
    await systemClock.sleep(faults.latencyMs ?? 5);
    under--;
    if (faults.fails?.(calls.length) === true) throw new Error(`call ${calls.length} failed`);
    return { id: 7, url: 'https://example.invalid/7' };
  };
  const publisher = startProgress({
    github: {
      findComment: () =>
        Promise.resolve(over.markers === undefined ? null : { id: 5, url: 'https://example.invalid/5' }),
      createComment: (issue, body) => answer(`create ${issue}: ${body}`),
      updateComment: (id, body) => answer(`update ${id}: ${body}`),
    },
    issueNumber: 42,
    markers: [],
    render: () => text,
    clock: systemClock,
    minIntervalMs: 60_000,
    firstDelayMs: 0,
    onSaved: ({ id }) => void saved.push(id),
    onFailed: (error) => void failures.push(error),
    ...over,
  });
  const set = (next: string): void => {
    text = next;
    publisher.touch();
  };
  return { publisher, calls, saved, failures, busiest: () => most, set };
}

test('one comment is made at once, and its last state is written whatever the interval', async () => {
  const one = desk();
  await systemClock.sleep(20);
  expect(one.calls).toEqual(['create 42: first']);
  for (const text of ['a', 'b', 'c']) one.set(text);
  expect(one.calls).toHaveLength(1);
  await one.publisher.finish();
  expect(one.calls).toEqual(['create 42: first', 'update 7: c']);
  expect(one.saved).toEqual([7]);
});

test('changes between two edits become one edit, and nothing is written when nothing changed', async () => {
  const one = desk({ minIntervalMs: 30 });
  await systemClock.sleep(10);
  for (const text of ['a', 'b', 'c']) one.set(text);
  await systemClock.sleep(120);
  expect(one.calls.slice(1)).toEqual(['update 7: c']);
  one.set('c');
  await systemClock.sleep(80);
  await one.publisher.finish();
  expect(one.calls).toHaveLength(2);
});

test('two calls are never under way at once, nor a second comment made, though finish comes early', async () => {
  const one = desk({ minIntervalMs: 1 }, { latencyMs: 40 });
  while (one.calls.length === 0) await systemClock.sleep(1);
  one.set('late');
  await one.publisher.finish();
  expect(one.calls).toEqual(['create 42: first', 'update 7: late']);
  expect(one.busiest()).toBe(1);
});

test('a failure is told once, is no end, and the next edit tries again', async () => {
  const one = desk({ minIntervalMs: 10 }, { fails: (call) => call <= 2 });
  await systemClock.sleep(30);
  one.set('second');
  await systemClock.sleep(60);
  one.set('third');
  await one.publisher.finish();
  expect(one.calls).toEqual(['create 42: first', 'create 42: second', 'create 42: third']);
  expect(one.failures).toHaveLength(1);
  expect(one.saved).toEqual([7]);
});

test('nothing is written after the end', async () => {
  const one = desk({ minIntervalMs: 1 });
  await one.publisher.finish();
  one.set('too late');
  await systemClock.sleep(30);
  expect(one.calls).toEqual(['create 42: first']);
});

test('nothing is written before the first delay, but an end does not wait for it', async () => {
  const one = desk({ firstDelayMs: 60_000 });
  one.set('begun');
  await systemClock.sleep(20);
  expect(one.calls).toEqual([]);
  one.set('ended');
  await one.publisher.finish();
  expect(one.calls).toEqual(['create 42: ended']);
});

test('the comment of a start that was killed is edited, and no second one is written', async () => {
  const one = desk({ markers: ['<!-- ai-implement:issue-42:1-1:progress -->'] });
  await one.publisher.finish();
  expect(one.calls).toEqual(['update 5: first']);
});
