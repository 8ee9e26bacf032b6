import { expect, test } from '@jest/globals';
import { hiddenSentence } from '../../src/journal/hidden-sentence.ts';
import { renderProgressComment } from '../../src/publish/progress-comment.ts';
import { renderPullRequestBody } from '../../src/publish/pull-request-body.ts';
import * as runs from '../support/run-events.ts';
import { issueOf } from '../support/spine.ts';

const hidden = { byClass: { 'HTML comment': 1200, 'link title': 34 }, text: 'HTML comment: <!-- evil -->' };

test('counts are told by what they were, and nothing is where nothing was hidden', () => {
  expect(hiddenSentence(issueOf({ hiddenCharacters: 1234, hidden }))).toBe(
    '1,234 hidden characters were removed from the issue: HTML comment 1,200, link title 34.',
  );
  expect(hiddenSentence(issueOf({ number: null, hiddenCharacters: 1 }))).toBe(
    '1 hidden character was removed from the request.',
  );
  expect(hiddenSentence(issueOf())).toBe('');
  expect(hiddenSentence(null)).toBe('');
});

test('the maintainer is told in the progress comment and in the pull request, and never what it said', () => {
  const issue = issueOf({ hiddenCharacters: 1234, hidden });
  const state = runs.stateAfter([...runs.wholeRun(), { type: 'issue.read', issue }]);
  for (const text of [renderProgressComment(state), renderPullRequestBody(state)]) {
    expect(text).toContain('1,234 hidden characters were removed from the issue: HTML comment 1,200, link title 34.');
    expect(text).not.toContain('evil');
  }
});
