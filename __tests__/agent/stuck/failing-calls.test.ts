import { expect, test } from '@jest/globals';
import { failingCalls, invalidCalls, timeouts } from '../../../src/agent/stuck/failing-calls.ts';
import { failed, history, levelBy, looked, made, oneByOne, ran, silence, times, turn } from './history.ts';

const failures = (count: number, from = 0) => times(count, (i) => failed(`try ${from + i}`, `error ${from + i}`));
const works = ran('ls', 'a.ts');

test.each([
  [[...failures(5)], null],
  [[works, ...failures(4), works], null],
  [[works, ...failures(5)], 'nudge'],
  [failures(6), 'nudge'],
] as const)('calls %#: of the last six, five that failed: %s', (calls, level) => {
  expect(levelBy(failingCalls, oneByOne(...calls))).toBe(level);
});

test('a search without hits failed in nothing, a command that is not there did', () => {
  const search = (n: number) => ran(`grep ${n} a.ts`, '', 1);
  const missing = (n: number) => made('bash', { command: `nocmd${n}` }, 'exit code 127 (0.0 s)\nnot found', true);
  expect(levelBy(failingCalls, oneByOne(...times(6, search)))).toBeNull();
  expect(levelBy(failingCalls, oneByOne(...times(6, missing)))).toBe('nudge');
});

test('a second such window after the warning stops, and not before it is full', () => {
  const nudges = [{ rule: 'failing-calls', about: 'window 1', afterCalls: 6, tree: null }] as const;
  const after = (count: number) => ({ ...oneByOne(...failures(6 + count)), nudges });
  expect(levelBy(failingCalls, after(5))).toBeNull();
  expect(levelBy(failingCalls, after(6))).toBe('stop');
  expect(levelBy(failingCalls, { ...oneByOne(...failures(6), works, works, ...failures(4, 9)), nudges })).toBeNull();
});

const timedOut = (n: number) => {
  const content = 'killed at the time limit of 120 s, with all it started (120.1 s)\n(no output)';
  return made('bash', { command: `serve ${n}` }, content, true);
};

test.each([
  [1, null],
  [2, 'nudge'],
  [3, 'stop'],
] as const)('%i commands in a row that met their time limit: %s', (count, level) => {
  expect(levelBy(timeouts, oneByOne(...times(count, timedOut)))).toBe(level);
});

test('reads between them do not break the row, a command that ended does', () => {
  expect(levelBy(timeouts, oneByOne(timedOut(1), looked('a.ts'), timedOut(2), looked('b.ts'), timedOut(3)))).toBe(
    'stop',
  );
  expect(levelBy(timeouts, oneByOne(timedOut(1), timedOut(2), failed('x', 'exit code 1'), timedOut(3)))).toBeNull();
});

const unknown = made('teleport', {}, 'There is no tool `teleport`.', true);
const wrong = made('read', {}, 'Invalid arguments for read:\n- `paths`: expected array, received nothing', true);

test.each([
  [1, null],
  [2, null],
  [3, 'stop'],
] as const)('%i replies in a row that could not be run as they were: %s', (count, level) => {
  const replies = [turn(unknown), turn(wrong, wrong), turn(unknown, wrong)];
  expect(levelBy(invalidCalls, history(...replies.slice(0, count)))).toBe(level);
});

test('one call that was run breaks the row, also when it failed or comes in the same reply', () => {
  expect(levelBy(invalidCalls, history(turn(wrong), turn(wrong, works), turn(wrong)))).toBeNull();
  expect(levelBy(invalidCalls, history(turn(wrong), turn(wrong), turn(failed('x', 'no')), turn(wrong)))).toBeNull();
  expect(levelBy(invalidCalls, history(turn(wrong), turn(wrong), silence(), turn(wrong)))).toBeNull();
});

test('several wrong calls of one reply are one: the agent has seen no error yet', () => {
  expect(levelBy(invalidCalls, history(turn(wrong, wrong, wrong, wrong)))).toBeNull();
});
