import { describe, expect, test } from '@jest/globals';
import { ownersOfFindings, reopenedText } from '../../src/review/owners-of-findings.ts';
import type { Finding } from '../../src/types.ts';
import { fileOf, resultOf, taskOf } from '../support/run-events.ts';

const finding = (file: string, over: Partial<Finding> = {}): Finding => ({
  severity: 'high',
  file,
  line: null,
  why: 'It breaks.',
  ...over,
});
const resultOn = (number: number, paths: readonly string[], owns = [`src/part${number}/**`]) =>
  resultOf(taskOf(number, { owns }), { changedFiles: paths.map((path) => fileOf(path)) });
const owners = (findings: readonly Finding[], ...results: readonly ReturnType<typeof resultOn>[]) =>
  ownersOfFindings(findings, results).map(({ result, findings: own }) => [result.task.id, own.map(({ file }) => file)]);

describe('a finding of high severity goes to', () => {
  const [first, second] = [resultOn(1, ['src/part1/a.ts', 'shared.ts']), resultOn(2, ['shared.ts'])];

  test('the task that changed the file, the last of several', () =>
    expect(owners([finding('src/part1/a.ts'), finding('shared.ts')], first, second)).toEqual([
      ['TASK-001', ['src/part1/a.ts']],
      ['TASK-002', ['shared.ts']],
    ]));

  test('the task that owns a path that nobody changed', () =>
    expect(owners([finding('src/part2/new.ts')], first, second)).toEqual([['TASK-002', ['src/part2/new.ts']]]));

  test('nobody where several tasks are and none owns the file', () =>
    expect(owners([finding('elsewhere.ts')], first, second)).toEqual([]));

  test('the only task, whatever it owns', () =>
    expect(owners([finding('elsewhere.ts')], first)).toEqual([['TASK-001', ['elsewhere.ts']]]));
});

test('findings of lower severity reopen nothing', () => {
  const low = [finding('src/part1/a.ts', { severity: 'medium' }), finding('src/part1/a.ts', { severity: 'low' })];
  expect(owners(low, resultOn(1, ['src/part1/a.ts']))).toEqual([]);
});

test('the agent is told where and why', () => {
  const text = reopenedText([finding('a.ts', { line: 7, why: 'Null.' }), finding('b.ts')], 'n0nce');
  expect(text).toContain('>\n- a.ts:7: Null.\n- b.ts: It breaks.\n</untrusted-n0nce>');
});
