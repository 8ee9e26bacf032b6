import { describe, expect, test } from '@jest/globals';
import { commented, commentedOnPullRequest, dispatched, labeled, read, triggerOf } from './example-events.ts';

describe('an event starts a run', () => {
  test('a label is read with the issue as its sender saw it', () => {
    const trigger = triggerOf(
      'issues',
      labeled(({ issue }) => {
        issue.title = '$(touch /tmp/x)"; id #';
        issue.body = null;
      }),
    );
    expect(trigger).toEqual({
      source: 'label',
      command: 'run',
      repository: { owner: 'octo', name: 'shop' },
      issueNumber: 1,
      pullRequestNumber: null,
      commentId: null,
      actor: 'Codertocat',
      at: '2019-05-15T15:20:18Z',
      feature: null,
      instructions: '',
      snapshot: {
        title: '$(touch /tmp/x)"; id #',
        body: '',
        author: 'Codertocat',
        url: 'https://github.com/Codertocat/Hello-World/issues/1',
      },
      defaultBranch: 'master',
      isPrivate: false,
    });
  });

  test('a label counts whatever its case, and its setter is the actor, not the author of the issue', () => {
    const payload = labeled(({ label, sender }) => {
      if (label) label.name = 'AI-Implement';
      sender.login = 'maintainer';
    });
    expect(triggerOf('issues', payload)).toMatchObject({ actor: 'maintainer', snapshot: { author: 'Codertocat' } });
  });

  test('a comment on an issue runs it with the words after the command', () => {
    const trigger = triggerOf('issue_comment', commented('/ai-implement use the old button\r\n\r\nand keep its id'));
    expect(trigger).toMatchObject({
      source: 'comment',
      command: 'run',
      issueNumber: 1,
      pullRequestNumber: null,
      commentId: 492700400,
      at: '2019-05-15T15:20:21Z',
      instructions: 'use the old button\n\nand keep its id',
      snapshot: { title: 'Spelling error in the README file' },
    });
  });

  test('a comment on a pull request names the pull request and takes no issue text from it', () => {
    expect(triggerOf('issue_comment', commentedOnPullRequest('/ai-implement make it blue'))).toMatchObject({
      issueNumber: null,
      pullRequestNumber: 1,
      instructions: 'make it blue',
      snapshot: null,
    });
  });

  test('a dispatch takes an issue number from the action input or from the form', () => {
    expect(triggerOf('workflow_dispatch', dispatched(null), { issueNumber: '42' }).issueNumber).toBe(42);
    expect(triggerOf('workflow_dispatch', dispatched({ 'issue-number': '#7' }))).toMatchObject({
      source: 'dispatch',
      issueNumber: 7,
      at: null,
      feature: null,
    });
  });

  test('a dispatch takes a feature text, which only adds to an issue when both are given', () => {
    expect(triggerOf('workflow_dispatch', dispatched({ feature: ' user login ' }), { command: 'plan' })).toMatchObject({
      command: 'plan',
      feature: 'user login',
      issueNumber: null,
      instructions: '',
    });
    expect(triggerOf('workflow_dispatch', dispatched({ feature: 'in Go' }), { issueNumber: '42' })).toMatchObject({
      feature: null,
      issueNumber: 42,
      instructions: 'in Go',
    });
  });
});

describe('an event that cannot be read is an error', () => {
  test('a dispatch without issue and text says that nothing was asked', () => {
    expect(() => read('workflow_dispatch', dispatched(null))).toThrow(
      expect.objectContaining({ code: 'nothing-to-do' }),
    );
  });

  test.each(['0', '-1', '1e3', '4 2', 'abc'])('a dispatch for issue "%s" is refused', (issueNumber) => {
    expect(() => read('workflow_dispatch', dispatched(null), { issueNumber })).toThrow(
      expect.objectContaining({ code: 'input-invalid' }),
    );
  });

  test('a payload without an issue names the missing field', () => {
    expect(() => read('issues', { action: 'labeled', sender: { login: 'a', type: 'User' } })).toThrow(
      expect.objectContaining({ code: 'event-unreadable', message: expect.stringContaining('issue') }),
    );
  });
});
