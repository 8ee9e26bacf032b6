import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GitHub } from '../../src/ports.ts';
import { chooseBase, type BaseQuestion } from '../../src/trigger/choose-base.ts';
import type { PullRequest } from '../../src/types.ts';
import { git, makeBed, type Bed } from '../adapters/git-bed.ts';
import { pullRequestOf } from '../support/run-events.ts';
import { unaskedGitHub } from '../support/unasked-github.ts';

let bed: Bed;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'a\n' });
});
afterEach(() => bed.close());

/** A branch of the remote with one commit of its own. */
function branch(name: string): string {
  const tree = git(bed.checkout, 'rev-parse', 'main^{tree}');
  const commit = git(bed.checkout, 'commit-tree', tree, '-p', bed.base, '-m', name);
  git(bed.checkout, 'branch', name, commit);
  return commit;
}

function github(pullRequests: readonly PullRequest[], defaultBranch = 'main'): GitHub {
  return {
    ...unaskedGitHub,
    defaultBranch: () => Promise.resolve(defaultBranch),
    findPullRequest: (head) => Promise.resolve(pullRequests.find(({ headBranch }) => headBranch === head) ?? null),
  };
}

async function choose(over: Partial<BaseQuestion>, hub: GitHub | null) {
  const question: BaseQuestion = {
    checkout: { commit: bed.base, branch: 'main' },
    wantedBase: null,
    defaultBranch: null,
    branch: 'ai/issue-42',
    continues: null,
    ...over,
  };
  const { expected, ...rest } = await chooseBase(question, bed.store, hub);
  return { ...rest, expected: await expected };
}

describe('on GitHub', () => {
  test('a run starts from the default branch', async () => {
    expect(await choose({}, github([]))).toEqual({
      commit: bed.base,
      baseBranch: 'main',
      branch: 'ai/issue-42',
      expected: null,
      pullRequest: null,
    });
  });

  test('whatever is checked out, a wish comes first', async () => {
    const commit = branch('next');
    const elsewhere = { commit: bed.base, branch: 'feature' };
    expect(await choose({ checkout: elsewhere, wantedBase: 'next' }, github([]))).toMatchObject({
      commit,
      baseBranch: 'next',
    });
    expect(await choose({ checkout: elsewhere }, github([], 'next'))).toMatchObject({ commit, baseBranch: 'next' });
  });

  test('a base that is not there is named', async () => {
    await expect(choose({ wantedBase: 'gone' }, github([]))).rejects.toMatchObject({ code: 'base-branch-missing' });
  });

  test('an open pull request of the branch goes on from its head', async () => {
    const commit = branch('ai/issue-42');
    const pullRequest = pullRequestOf({ baseBranch: 'next' });
    expect(await choose({}, github([pullRequest]))).toEqual({
      commit,
      baseBranch: 'next',
      branch: 'ai/issue-42',
      expected: commit,
      pullRequest,
    });
  });

  test('the pull request that a comment names goes on, whatever its branch', async () => {
    const commit = branch('ai/issue-7');
    const pullRequest = pullRequestOf({ headBranch: 'ai/issue-7' });
    expect(await choose({ continues: pullRequest }, github([]))).toMatchObject({
      commit,
      branch: 'ai/issue-7',
      pullRequest,
    });
  });

  test('a branch that is left without a pull request is replaced from its own value', async () => {
    const commit = branch('ai/issue-42');
    expect(await choose({}, github([]))).toMatchObject({ commit: bed.base, branch: 'ai/issue-42', expected: commit });
  });

  test('a branch whose pull request was closed is left alone', async () => {
    branch('ai/issue-42');
    const closed = pullRequestOf({ state: 'closed' });
    expect(await choose({}, github([closed]))).toMatchObject({
      branch: 'ai/issue-42-2',
      expected: null,
      pullRequest: null,
    });
  });
});

describe('in a terminal', () => {
  test('a run builds on what is checked out, also on no branch', async () => {
    expect(await choose({ checkout: { commit: bed.base, branch: null } }, null)).toMatchObject({
      commit: bed.base,
      baseBranch: 'HEAD',
      branch: 'ai/issue-42',
    });
  });

  test('the result never takes a branch that is there', async () => {
    branch('ai/issue-42');
    branch('ai/issue-42-2');
    expect(await choose({}, null)).toMatchObject({ branch: 'ai/issue-42-3', expected: null, pullRequest: null });
  });

  test('a wish is kept', async () => {
    const commit = branch('next');
    expect(await choose({ wantedBase: 'next' }, null)).toMatchObject({ commit, baseBranch: 'next' });
  });
});
