import { expect, test } from '@jest/globals';
import { callCycle } from '../../../src/agent/stuck/call-cycle.ts';
import { history, levelBy, looked, oneByOne, ran, times, turn } from './history.ts';

const rounds = (length: number, count: number) =>
  times(count, () => times(length, (i) => ran(`step ${i}`, `result ${i}`))).flat();

test.each([2, 3, 4, 5])('a cycle of %i calls is told at three rounds and stopped at five', (length) => {
  const levels = [2, 3, 4, 5].map((count) => levelBy(callCycle, oneByOne(...rounds(length, count))));
  expect(levels).toEqual([null, 'nudge', 'nudge', 'stop']);
});

test('it is found across turns of several calls, and in the middle of a round', () => {
  const both = turn(looked('a.ts'), looked('b.ts'));
  expect(levelBy(callCycle, history(both, both, both))).toBe('nudge');
  expect(levelBy(callCycle, oneByOne(...rounds(3, 3), ran('step 0', 'result 0')))).toBe('nudge');
});

test('one warning is given for a cycle, wherever in its round it is seen', () => {
  const at = callCycle(oneByOne(...rounds(3, 3)));
  const later = callCycle(oneByOne(...rounds(3, 3), ran('step 0', 'result 0')));
  expect(at?.about).toBe(later?.about);
});

test('a result that differs breaks it, and six steps are no cycle', () => {
  const counting = times(5, (i) => [ran('edit it', 'ok'), ran('test it', `${i} failures`)]).flat();
  expect(levelBy(callCycle, oneByOne(...counting))).toBeNull();
  expect(levelBy(callCycle, oneByOne(...rounds(6, 5)))).toBeNull();
});

test('one call over and over is left to its own rule', () => {
  expect(callCycle(oneByOne(...times(12, () => ran('ls', 'a.ts'))))).toBeNull();
});
