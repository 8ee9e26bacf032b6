import { expect, test } from '@jest/globals';
import { sameCall, sameFailure } from '../../../src/agent/stuck/same-call.ts';
import { edited, failed, history, levelBy, looked, made, oneByOne, ran, times, turn } from './history.ts';

const again = (count: number) => times(count, () => ran('make gen', 'ok'));

test.each([
  [2, null],
  [3, 'nudge'],
  [4, 'nudge'],
  [5, 'stop'],
] as const)('%i equal calls with an equal result: %s', (count, level) => {
  expect(levelBy(sameCall, oneByOne(...again(count)))).toBe(level);
});

test('reads between equal calls change nothing, an edit or another command between may have', () => {
  const between = (call: ReturnType<typeof ran>) => oneByOne(...again(4), call, ...again(2));
  expect(levelBy(sameCall, between(looked('a.ts')))).toBe('stop');
  expect(levelBy(sameCall, between(edited('a.ts', 'a', 'b')))).toBeNull();
  expect(levelBy(sameCall, between(ran('sed -i s/a/b/ a.ts', '')))).toBeNull();
});

test('every call of the last turn is looked at, not only its last', () => {
  const both = turn(ran('make gen', 'ok'), looked('a.ts'));
  const next = (path: string) => turn(ran('make gen', 'ok'), looked(path));
  expect(levelBy(sameCall, history(both, next('b.ts'), next('c.ts')))).toBe('nudge');
});

test('arguments are the same in whatever order, and how long it took is no difference', () => {
  const one = made('bash', { command: 'x', timeout_s: 9 }, 'exit code 0 (1.2 s)\nok');
  const two = made('bash', { timeout_s: 9, command: 'x' }, 'exit code 0 (0.9 s)\nok');
  expect(levelBy(sameCall, oneByOne(one, two, one, two, one))).toBe('stop');
});

test('numbers are not blurred: another count is another result', () => {
  expect(levelBy(sameCall, oneByOne(...times(6, (i) => ran('wc -l log', `${i} log`))))).toBeNull();
});

test('waiting for a command in the background is no repetition, and without one it is', () => {
  const wait = (inBackground: boolean) => times(6, () => made('bash', { command: 'sleep 5' }, '', false, inBackground));
  const look = (inBackground: boolean) =>
    times(6, () => made('read', { paths: [{ path: '.ai/logs/1.txt' }] }, 'starting', false, inBackground));
  expect(levelBy(sameCall, oneByOne(...wait(true), ...look(true)))).toBeNull();
  expect(levelBy(sameCall, oneByOne(...wait(false)))).toBe('stop');
  expect(levelBy(sameCall, oneByOne(...look(false)))).toBe('stop');
});

const failure = (n: number) => failed('npm test', `${n} passed\nFAIL cart adds up\nTime: ${n} s`);

test.each([
  [2, null],
  [3, 'nudge'],
  [4, 'stop'],
] as const)('%i equal failures of one call, with edits between: %s', (count, level) => {
  const calls = times(count, (i) => [edited('a.ts', `${i}`, `${i + 1}`), failure(1)]).flat();
  expect(levelBy(sameFailure, oneByOne(...calls))).toBe(level);
});

test('a different set of failures is progress, and so is a pass', () => {
  const other = failed('npm test', 'FAIL cart is empty');
  expect(levelBy(sameFailure, oneByOne(failure(1), failure(1), other, failure(1), failure(1)))).toBeNull();
  expect(levelBy(sameFailure, oneByOne(failure(1), failure(1), ran('npm test', 'ok'), failure(1)))).toBeNull();
});

test('what passes beside an equal failure is no difference', () => {
  expect(levelBy(sameFailure, oneByOne(failure(1), failure(2), failure(3), failure(4)))).toBe('stop');
});

test('failing tests are read from the output, though a pipe hides the exit code', () => {
  const output = (names: string[]) =>
    `${names.map((name) => `FAILED tests/test_cart.py::${name} - assert 1 == 2`).join('\n')}\n${names.length} failed, 9 passed in 0.${names.length}2s`;
  const piped = (...names: string[]) => ran('pytest | tail', output(names));
  const same = times(4, (i) => [edited('a.py', `${i}`, `${i + 1}`), piped('test_a', 'test_b')]).flat();
  expect(levelBy(sameFailure, oneByOne(...same))).toBe('stop');
  expect(levelBy(sameFailure, oneByOne(...same, piped('test_b')))).toBeNull();
});
