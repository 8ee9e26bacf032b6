import { expect, test } from '@jest/globals';
import { judgeHistory } from '../../../src/agent/stuck/judge-history.ts';
import { thresholds } from '../../../src/agent/stuck/thresholds.ts';
import { failed, looked, oneByOne, ran, times } from './history.ts';

test('a history without anything amiss is left alone', () => {
  expect(judgeHistory(oneByOne(...times(8, (i) => looked(`${i}.ts`))))).toEqual({ stop: null, nudges: [] });
});

test('a warning is given once for each thing, and again for another', () => {
  const past = oneByOne(...times(3, () => ran('make', 'ok')));
  const [sign] = judgeHistory(past).nudges;
  expect(sign).toMatchObject({ rule: 'same-call', count: 3 });
  const nudges = [{ rule: 'same-call', about: sign?.about ?? '', afterCalls: 3, tree: null }] as const;
  const on = (...more: ReturnType<typeof ran>[]) => ({ turns: [...past.turns, ...oneByOne(...more).turns], nudges });
  expect(judgeHistory(on(ran('make', 'ok'))).nudges).toEqual([]);
  expect(judgeHistory(on(...times(3, () => ran('ls', 'a')))).nudges).toMatchObject([{ rule: 'same-call' }]);
});

test('the warning that knows most comes first', () => {
  const { nudges } = judgeHistory(
    oneByOne(ran('x', ''), ...times(2, (i) => failed(`a ${i}`, `${i}`)), ...times(3, () => failed('make', 'no'))),
  );
  expect(nudges.map(({ rule }) => rule)).toEqual(['same-failure', 'same-call', 'failing-calls']);
});

test('a warning comes before each stop', () => {
  for (const { nudge, stop } of Object.values(thresholds)) expect(stop).toBeGreaterThan(nudge ?? 0);
});
