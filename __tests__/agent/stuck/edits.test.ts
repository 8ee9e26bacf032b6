import { expect, test } from '@jest/globals';
import { editFailures, restoredChange } from '../../../src/agent/stuck/edits.ts';
import { sameCall } from '../../../src/agent/stuck/same-call.ts';
import { edited, failed, levelBy, looked, made, misedited, oneByOne, times } from './history.ts';

test.each([
  [2, null],
  [3, 'nudge'],
  [4, 'nudge'],
  [5, 'stop'],
] as const)('%i failed edits of one file, each another: %s', (count, level) => {
  const calls = times(count, (i) => [misedited('a.ts', `text ${i}`), looked('a.ts')]).flat();
  expect(levelBy(editFailures, oneByOne(...calls.slice(0, -1)))).toBe(level);
});

test('they are counted by file, and from its last good edit on', () => {
  const a = (n: number) => misedited('a.ts', `${n}`);
  expect(levelBy(editFailures, oneByOne(a(1), a(2), misedited('b.ts', 'x'), misedited('b.ts', 'y')))).toBeNull();
  expect(levelBy(editFailures, oneByOne(a(1), a(2), edited('a.ts', 'x', 'y'), a(3)))).toBeNull();
  expect(levelBy(editFailures, oneByOne(a(1), edited('b.ts', 'x', 'y'), a(2), a(3)))).toBe('nudge');
});

test('the files of a patch count each', () => {
  const patch = (n: number) =>
    `*** Begin Patch\n*** Update File: a.ts\n@@\n-${n}\n*** Update File: b.ts\n@@\n-x\n*** End Patch`;
  const calls = times(3, (n) => made('apply_patch', { patch: patch(n) }, 'a.ts: context not found', true));
  expect(levelBy(editFailures, oneByOne(...calls))).toBe('nudge');
  expect(editFailures(oneByOne(...calls, misedited('b.ts', 'q')))).toMatchObject({
    count: 4,
    why: '4 edits of b.ts in a row failed',
  });
});

const toAndFro = (count: number) =>
  times(count, (i) => (i % 2 === 0 ? edited('a.ts', 'x', 'y') : edited('a.ts', 'y', 'x')));

test.each([
  [2, null],
  [3, 'nudge'],
  [4, 'nudge'],
  [5, 'stop'],
] as const)('%i changes to and fro: %s', (count, level) => {
  expect(levelBy(restoredChange, oneByOne(...toAndFro(count)))).toBe(level);
});

test('a change that is taken back by a command is seen too, a new change and a failed one are none', () => {
  const undone = failed('git checkout a.ts', '');
  const same = edited('a.ts', 'x', 'y');
  expect(levelBy(restoredChange, oneByOne(same, undone, same, undone, same))).toBe('stop');
  expect(levelBy(restoredChange, oneByOne(same, edited('a.ts', 'x', 'z'), edited('b.ts', 'x', 'y')))).toBeNull();
  expect(restoredChange(oneByOne(misedited('a.ts', 'x'), misedited('a.ts', 'x')))).toBeNull();
});

test('the same file written over again undid nothing: that is a repeated call', () => {
  const rewritten = made('write', { path: 'a.ts', content: 'x' }, 'overwrote a.ts, 1 line');
  expect(restoredChange(oneByOne(rewritten, rewritten, looked('a.ts'), rewritten))).toMatchObject({ count: 1 });
  expect(levelBy(sameCall, oneByOne(rewritten, rewritten, looked('a.ts'), rewritten))).toBe('nudge');
  expect(levelBy(sameCall, oneByOne(...times(5, () => edited('a.ts', 'x', 'xx'))))).toBeNull();
});
