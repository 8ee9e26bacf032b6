import { describe, expect, test } from '@jest/globals';
import { checkManifest, type Known } from '../../src/publish/check-manifest.ts';
import { reportOf } from '../../src/publish/manifest-report.ts';
import type { Manifest } from '../../src/publish/manifest.ts';
import { emptyRunState } from '../../src/journal/run-state.ts';
import { noUsage } from '../../src/money/usage.ts';

const [start, result, elsewhere] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];

const manifest = (over: Partial<Manifest> = {}): Manifest => ({
  version: 1,
  ...{ repository: 'o/r', subject: 'issue-7', runId: '5-1', partial: '', spent: noUsage },
  base: { commit: start, branch: 'main', continues: null },
  result: { branch: 'ai/issue-7', commit: result, expected: null },
  branches: [{ branch: 'ai/agents/issue-7/dev/task-001', commit: result }],
  bundleSha256: 'd'.repeat(64),
  report: reportOf(emptyRunState),
  ...over,
});

const known = (base: Partial<Known['base']> = {}, over: Partial<Known> = {}): Known => ({
  ...{ repository: 'o/r', subject: 'issue-7', runIds: ['5-2', '5-1'], branchPrefix: 'ai' },
  base: { commit: start, baseBranch: 'main', branch: 'ai/issue-7', expected: null, pullRequest: null, ...base },
  ...over,
});

const check =
  (one: Manifest, other: Known = known()) =>
  () =>
    checkManifest(one, other);

test('what an earlier attempt of the same run of the workflow left is taken', () => {
  expect(check(manifest())).not.toThrow();
  expect(check(manifest({ result: null, branches: [], bundleSha256: null }))).not.toThrow();
});

describe('a branch that has moved since the agents’ job looked', () => {
  const moved = expect.objectContaining({ code: 'push-refused' });

  test('is not overwritten, a new one and one of a pull request alike', () => {
    expect(check(manifest(), known({ expected: elsewhere }))).toThrow(moved);
    const going = { base: { commit: start, branch: 'main', continues: 3 } };
    const on = { branch: 'ai/issue-7', commit: result, expected: start };
    const pullRequest = { number: 3 };
    expect(check(manifest({ ...going, result: on }), known({ expected: start, pullRequest }))).not.toThrow();
    const pushed = known({ commit: elsewhere, expected: elsewhere, pullRequest });
    expect(check(manifest({ ...going, result: on }), pushed)).toThrow(moved);
  });

  test('is no hindrance where it holds the result already, with or without its pull request', () => {
    expect(check(manifest(), known({ expected: result }))).not.toThrow();
    expect(check(manifest(), known({ expected: result, commit: result, pullRequest: { number: 2 } }))).not.toThrow();
  });
});

test.each<[string, Partial<Manifest>, RegExp]>([
  ['another base branch', { base: { commit: start, branch: 'dev', continues: null } }, /base branch is dev, not main/],
  ['another pull request', { base: { commit: start, branch: 'main', continues: 9 } }, /pull request is 9, not null/],
  ['branches without a bundle', { bundleSha256: null }, /without branches, or missing/],
  ['a bundle without branches', { result: null, branches: [] }, /without branches, or missing/],
  ['a branch twice', { branches: [...manifest().branches, ...manifest().branches] }, /named twice/],
])('%s is refused', (_, over, words) => {
  expect(check(manifest(over))).toThrow(words);
  expect(check(manifest(over))).toThrow(expect.objectContaining({ code: 'handover-refused' }));
});
