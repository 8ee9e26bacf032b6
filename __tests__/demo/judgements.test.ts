// What the demo decides without running anything.
import { expect, test } from '@jest/globals';
import { gitVersionProblem } from '../../demo/git-problem.ts';
import { nodeProblem } from '../../demo/node-version.ts';
import { createOutput, wantsColours } from '../../demo/output.ts';
import { isReady } from '../../demo/result.ts';

test('node 20 and later will do', () => {
  expect(['20.0.0', '20.20.2', '24.1.0', '100.0.0'].map(nodeProblem)).toEqual([null, null, null, null]);
  expect(nodeProblem('18.20.4')).toMatch(/node 20 or later; this is node 18\.20\.4/);
  expect(nodeProblem('8.0.0')).not.toBeNull();
});

test('git 2.38 and later will do, whoever packed it', () => {
  const good = [
    'git version 2.38.0',
    'git version 2.39.5 (Apple Git-154)',
    'git version 3.0.1',
    'git version 2.51.GIT',
  ];
  expect(good.map(gitVersionProblem)).toEqual(good.map(() => null));
  expect(gitVersionProblem('git version 2.37.9')).toMatch(/this is git 2\.37\.9/);
  expect(gitVersionProblem('git version 1.99.0')).not.toBeNull();
  expect(gitVersionProblem('what?')).toMatch(/unknown version/);
});

test('only one open pull request that is no draft counts as success', () => {
  const ready = { number: 2, title: '', body: '', draft: false, head: 'ai/issue-1', base: 'main' };
  expect(isReady(0, { pullRequests: [ready] })).toBe(true);
  expect(isReady(1, { pullRequests: [ready] })).toBe(false);
  expect(isReady(null, { pullRequests: [ready] })).toBe(false);
  expect(isReady(0, { pullRequests: [] })).toBe(false);
  expect(isReady(0, { pullRequests: [{ ...ready, draft: true }] })).toBe(false);
  expect(isReady(0, { pullRequests: [ready, ready] })).toBe(false);
});

test('colours are for terminals, and NO_COLOR turns them off', () => {
  expect(wantsColours(true, undefined)).toBe(true);
  expect(wantsColours(true, '')).toBe(true);
  expect(wantsColours(true, '1')).toBe(false);
  expect(wantsColours(false, undefined)).toBe(false);
});

test('the log is shown as the log page of a run shows it', () => {
  const lines: string[] = [];
  const { log } = createOutput((line) => lines.push(line), false);
  ['::add-mask::x', '::group::Plan', 'Plan: 3 tasks', '::endgroup::', '::error::100%25%0Aof it'].forEach(log);
  expect(lines).toEqual(['  Plan', '    Plan: 3 tasks', '    100%\n    of it']);
});
