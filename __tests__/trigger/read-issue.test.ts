import { describe, expect, test } from '@jest/globals';
import type { Permission } from '../../src/ports.ts';
import { readIssue } from '../../src/trigger/read-issue.ts';
import { maxAuthors, type Comment } from '../../src/trigger/trusted-comments.ts';
import type { Trigger } from '../../src/types.ts';
import { commented, commentedOnPullRequest, dispatched, labeled, triggerOf } from './example-events.ts';

const before = '2019-05-15T15:00:00Z';
const after = '2019-05-15T16:00:00Z';

function comment(author: string, body: string, change: Partial<Comment> = {}): Comment {
  return { id: body.length, author, isBot: false, body, createdAt: before, updatedAt: before, ...change };
}

/** A GitHub with one issue; `threads` are the comments by number. */
function github(threads: Readonly<Record<number, readonly Comment[]>> = {}, isPullRequest = false) {
  const asked: string[] = [];
  return {
    asked,
    issue: (number: number) =>
      Promise.resolve({
        title: 'Title in the API',
        body: 'Body in the API',
        author: 'someone',
        url: `http://github.test/octo/shop/issues/${String(number)}`,
        isPullRequest,
      }),
    comments: (number: number) => Promise.resolve(threads[number] ?? []),
    permission: (login: string): Promise<Permission> => {
      asked.push(login);
      if (login === 'unknown') return Promise.reject(new Error('GitHub did not answer'));
      return Promise.resolve(login.startsWith('reader') ? 'read' : 'write');
    },
  };
}

describe('where the text comes from', () => {
  test('a label gives the text of the event, though the issue was edited since', async () => {
    const issue = await readIssue(triggerOf('issues', labeled()), github());
    expect(issue).toMatchObject({
      number: 1,
      title: 'Spelling error in the README file',
      body: "It looks like you accidently spelled 'commit' with two 't's.",
      author: 'Codertocat',
      url: 'https://github.com/Codertocat/Hello-World/issues/1',
    });
  });

  test('a dispatch for an issue gives the text of the API', async () => {
    const issue = await readIssue(triggerOf('workflow_dispatch', dispatched({ 'issue-number': '9' })), github());
    expect(issue).toMatchObject({ number: 9, title: 'Title in the API', body: 'Body in the API', author: 'someone' });
  });

  test('a feature text is its own issue, with no GitHub at all', async () => {
    const trigger = triggerOf('workflow_dispatch', dispatched({ feature: 'Add a login\nwith e-mail' }));
    expect(await readIssue(trigger, null)).toEqual({
      number: null,
      title: 'Add a login',
      body: 'Add a login\nwith e-mail',
      author: 'Codertocat',
      url: null,
      comments: [],
      instructions: '',
      hiddenCharacters: 0,
      hidden: { byClass: {}, text: '' },
    });
  });

  test('a comment on a pull request reads its issue, and the comments of both', async () => {
    const trigger: Trigger = {
      ...triggerOf('issue_comment', commentedOnPullRequest('/ai-implement make it blue')),
      issueNumber: 42,
    };
    const issue = await readIssue(
      trigger,
      github({ 42: [comment('ann', 'on the issue')], 1: [comment('ben', 'on the pull request')] }),
    );
    expect(issue).toMatchObject({ number: 42, title: 'Title in the API', instructions: 'make it blue' });
    expect(issue.comments.map((one) => one.body)).toEqual(['on the issue', 'on the pull request']);
  });

  test('a pull request that had no issue gives its title only, since its body is our report', async () => {
    const trigger = triggerOf('issue_comment', commentedOnPullRequest('/ai-implement make it blue'));
    expect(await readIssue(trigger, github())).toMatchObject({ number: null, title: 'Title in the API', body: '' });
  });

  test('a dispatch with the number of a pull request is refused', async () => {
    const trigger = triggerOf('workflow_dispatch', dispatched({ 'issue-number': '9' }));
    await expect(readIssue(trigger, github({}, true))).rejects.toMatchObject({ code: 'input-invalid' });
  });
});

describe('which comments are read', () => {
  const bodies = async (trigger: Trigger, comments: readonly Comment[]) =>
    (await readIssue(trigger, github({ 1: comments }))).comments.map((one) => one.body);

  test('only those of people with write access, written and last edited before the trigger', async () => {
    const read = await bodies(triggerOf('issues', labeled()), [
      comment('ann', 'from a writer'),
      comment('reader', 'from a reader'),
      comment('unknown', 'from somebody GitHub says nothing about'),
      comment('ann', 'late', { createdAt: after, updatedAt: after }),
      comment('ann', 'edited late', { updatedAt: after }),
      comment('ann', 'at the same time', { updatedAt: '2019-05-15T15:20:18Z' }),
      comment('ann', 'a moment later', { updatedAt: '2019-05-15T15:20:18.001Z' }),
      comment('ann', 'dated badly', { updatedAt: 'yesterday' }),
    ]);
    expect(read).toEqual(['from a writer']);
  });

  test('neither our own, nor those of bots, nor the command that started the run', async () => {
    const read = await bodies(triggerOf('issue_comment', commented('/ai-implement')), [
      comment('ann', 'Progress\n<!-- ai-implement:run=r-1 kind=progress -->'),
      comment('ci[bot]', 'coverage fell', { isBot: true }),
      comment('ann', '/ai-implement', { id: 492700400 }),
      comment('ann', 'use the old button'),
    ]);
    expect(read).toEqual(['use the old button']);
  });

  test('each author is asked for once, and a crowd does not push out the actor', async () => {
    const crowd = Array.from({ length: 30 }, (_none, index) => comment(`reader${String(index)}`, 'me too'));
    const server = github({ 1: [...crowd, comment('Codertocat', 'first'), comment('Codertocat', 'second')] });
    const issue = await readIssue(triggerOf('issues', labeled()), server);
    expect(issue.comments.map((one) => one.body)).toEqual(['first', 'second']);
    expect(server.asked).toHaveLength(maxAuthors);
    expect(new Set(server.asked).size).toBe(maxAuthors);
  });
});

describe('the text is filtered', () => {
  test('in every field, and what was hidden is counted over all', async () => {
    const payload = commented('/ai-implement go<!-- a -->', ({ issue }) => {
      issue.title = 'Fix\u200b it';
      issue.body = 'now<!-- b -->';
    });
    const server = github({ 1: [comment('ann', 'please<!-- c -->')] });
    expect(await readIssue(triggerOf('issue_comment', payload), server)).toMatchObject({
      title: 'Fix it',
      body: 'now',
      instructions: 'go',
      comments: [{ author: 'ann', body: 'please' }],
      hiddenCharacters: 31,
      hidden: {
        byClass: { 'HTML comment': 30, 'invisible character': 1 },
        text: 'invisible character: <U+200B>\nHTML comment: <!-- a -->\nHTML comment: <!-- b -->\nHTML comment: <!-- c -->',
      },
    });
  });

  test('but a title is shown as it is written', async () => {
    const payload = labeled(({ issue }) => {
      issue.title = 'Keep <!-- markers --> of [a](b "c")';
    });
    expect((await readIssue(triggerOf('issues', payload), github())).title).toBe('Keep <!-- markers --> of [a](b "c")');
  });

  test('a title is one line', async () => {
    const payload = labeled(({ issue }) => {
      issue.title = `a\nb ${'c'.repeat(500)}`;
    });
    expect((await readIssue(triggerOf('issues', payload), github())).title).toMatch(/^a b c{252}$/);
  });

  test('all text together stays near 256 KB, however many comments there are', async () => {
    const long = Array.from({ length: 1000 }, (_none, index) =>
      comment('ann', `${String(index)} ${'x'.repeat(60_000)}`),
    );
    const issue = await readIssue(triggerOf('issues', labeled()), github({ 1: long }));
    const bytes = issue.comments.reduce((sum, one) => sum + Buffer.byteLength(one.body), 0);
    expect(bytes).toBeGreaterThan(250_000);
    expect(bytes).toBeLessThan(263_000);
  });

  test('comments that hide all of their text are not read without end', async () => {
    const hiding = Array.from({ length: 1000 }, (_none, index) =>
      comment('ann', `<!-- ${String(index)} ${'x'.repeat(60_000)} -->`),
    );
    const issue = await readIssue(triggerOf('issues', labeled()), github({ 1: hiding }));
    expect(issue.comments).toEqual([]);
    expect(issue.hiddenCharacters).toBeGreaterThan(1_000_000);
    expect(issue.hiddenCharacters).toBeLessThan(1_200_000);
  });
});
