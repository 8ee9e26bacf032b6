import { expect, test } from '@jest/globals';
import { noProgress, silentReplies } from '../../../src/agent/stuck/progress.ts';
import { edited, failed, history, levelBy, looked, made, oneByOne, ran, silence, times, turn } from './history.ts';

test.each([
  [1, 'nudge'],
  [2, 'nudge'],
  [3, 'stop'],
] as const)('%i replies in a row without a call: %s', (count, level) => {
  expect(levelBy(silentReplies, history(...times(count, () => silence())))).toBe(level);
  expect(levelBy(silentReplies, history(...times(count, () => silence('cut'))))).toBe(level);
});

test('each silent reply is told anew, a cut one in other words, and a call ends the row', () => {
  const one = silentReplies(history(silence()));
  const two = silentReplies(history(silence(), silence('cut')));
  expect(one?.about).not.toBe(two?.about);
  expect(one?.advice).toContain('called no tool');
  expect(two?.advice).toContain('cut off');
  expect(silentReplies(history(silence(), silence(), turn(looked('a.ts'))))).toBeNull();
});

const idle = (count: number) => times(count, (i) => ran(`node -e ${i}`, `${i}`));

test.each([
  [11, null],
  [12, 'nudge'],
  [19, 'nudge'],
  [20, 'stop'],
] as const)('%i turns that bring nothing new: %s', (count, level) => {
  expect(levelBy(noProgress, oneByOne(...idle(count)))).toBe(level);
  expect(levelBy(noProgress, oneByOne(looked('a.ts'), ...idle(count)))).toBe(level);
});

test.each([
  ['a change', edited('a.ts', 'x', 'y')],
  ['a file not read before', looked('new.ts')],
  ['another range of a file', made('read', { paths: [{ path: 'a.ts', start: 50 }] }, '...')],
  ['a search', made('search', { pattern: 'x' }, 'a.ts:1: x')],
  ['a file shown by a command', ran('cat b.ts', '...')],
  ['a new set of failures', failed('npm test', 'FAIL cart is empty')],
])('%s is progress', (_what, call) => {
  expect(levelBy(noProgress, oneByOne(...idle(15), call, ...idle(3)))).toBeNull();
});

test.each([
  ['a file read before', looked('a.ts')],
  ['the same failures', failed('npm test', 'FAIL cart adds up')],
  ['the same change once more', edited('a.ts', 'x', 'y')],
  ['a call with wrong arguments', made('read', { paths: 1 }, 'Invalid arguments for read:\n- `paths`', true)],
  ['a list of steps', made('plan', { items: [] }, 'Noted.')],
])('%s is none', (_what, call) => {
  const before = [looked('a.ts'), failed('npm test', 'FAIL cart adds up'), edited('a.ts', 'x', 'y')];
  expect(levelBy(noProgress, oneByOne(...before, ...idle(15), call, ...idle(4)))).toBe('stop');
});

test('turns that wait for a command in the background are left out', () => {
  const waits = times(30, () => made('bash', { command: 'sleep 9; tail .ai/logs/1.txt' }, '', false, true));
  expect(levelBy(noProgress, oneByOne(looked('a.ts'), ...idle(11), ...waits))).toBeNull();
  expect(levelBy(noProgress, oneByOne(looked('a.ts'), ...idle(11), ...waits, ...idle(1)))).toBe('nudge');
});
