import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createOpenApiJudge } from '../../testbed/github/openapi-judge.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer, JobPermissions } from '../../testbed/github/types.ts';
import { connect } from './github-server.ts';

const shop = 'octo/shop';
const all: JobPermissions = { contents: 'write', issues: 'write', 'pull-requests': 'write' };

let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHub({
    users: ['stranger'],
    tokens: { 'pat-writer': 'writer' },
    repositories: [{ name: shop, collaborators: { writer: 'write', triager: 'triage', maintainer: 'maintain' } }],
    judge: createOpenApiJudge(),
  });
  await server.seedRepository(shop, { 'README.md': '# shop\n' });
});
afterAll(() => server.close());

const asJob = (permissions = all) => connect(server.url, 5000, server.mintToken(permissions, shop)).github;
const newIssue = (title: string) => server.createIssue({ repository: shop, title, body: 'Please.', author: 'writer' });

test.each([
  ['octo', 'admin'],
  ['maintainer', 'maintain'],
  ['writer', 'write'],
  ['triager', 'triage'],
  ['stranger', 'read'],
])('%s has the role %s', async (login, role) => {
  expect(await asJob().permission(login)).toBe(role);
});

test('somebody who does not exist has no role, only an error', async () => {
  await expect(asJob().permission('nobody-at-all')).rejects.toMatchObject({ code: 'github-not-found' });
});

test('an issue is read, greeted and commented, and the comment is edited in place', async () => {
  const { number, url } = await newIssue('Add a login');
  const github = asJob();
  expect(await github.issue(number)).toEqual({
    title: 'Add a login',
    body: 'Please.',
    author: 'writer',
    url,
    isPullRequest: false,
  });
  await github.react({ kind: 'issue', id: number }, 'eyes');
  await github.react({ kind: 'issue', id: number }, 'eyes');
  const said = await server.createComment({
    repository: shop,
    issueNumber: number,
    body: 'And a logout',
    author: 'stranger',
  });
  await github.react({ kind: 'comment', id: said.id }, 'rocket');
  const saved = await github.createComment(number, 'Planning');
  expect(await github.updateComment(saved.id, 'Done')).toEqual(saved);
  const comments = await github.comments(number);
  expect(comments.map(({ author, body, isBot }) => ({ author, body, isBot }))).toEqual([
    { author: 'stranger', body: 'And a logout', isBot: false },
    { author: 'github-actions[bot]', body: 'Done', isBot: true },
  ]);
});

test('a thread longer than a page is read whole, oldest first', async () => {
  const { number } = await newIssue('A long thread');
  for (let index = 0; index < 101; index += 1) {
    await server.createComment({ repository: shop, issueNumber: number, body: String(index), author: 'writer' });
  }
  const comments = await asJob().comments(number);
  expect(comments.map((comment) => comment.body)).toEqual(Array.from({ length: 101 }, (_none, index) => String(index)));
});

test('a pull request is opened once, found by its branch, and updated', async () => {
  await server.seedRepository(shop, { 'a.txt': 'a\n' }, { branch: 'ai/issue-42' });
  const github = asJob();
  expect(await github.defaultBranch()).toBe('main');
  expect(await github.findPullRequest('ai/issue-42')).toBeNull();
  const input = { title: 'Add a login', body: 'Done.', head: 'ai/issue-42', base: 'main', draft: true };
  const opened = await github.openPullRequest(input);
  expect(opened).toMatchObject({
    title: 'Add a login',
    draft: true,
    state: 'open',
    author: 'github-actions[bot]',
    headBranch: 'ai/issue-42',
    headRepository: shop,
    baseBranch: 'main',
  });
  const updated = await github.updatePullRequest(opened.number, { title: 'Add a login page', body: 'More.' });
  expect(updated).toEqual({ ...opened, title: 'Add a login page', body: 'More.' });
  expect(await github.findPullRequest('ai/issue-42')).toEqual(updated);
  expect(await github.pullRequest(opened.number)).toEqual(updated);
  expect((await github.issue(opened.number)).isPullRequest).toBe(true);
  await expect(github.openPullRequest(input)).rejects.toMatchObject({
    code: 'github-refused',
    message: expect.stringContaining('A pull request already exists'),
  });
});

test('of several pull requests of a branch the open one is found, and a closed one where there is no other', async () => {
  await server.seedRepository(shop, { 'b.txt': 'b\n' }, { branch: 'ai/issue-43' });
  const github = asJob();
  const input = { title: 'Add a logout', body: 'Done.', head: 'ai/issue-43', base: 'main', draft: false };
  const first = await github.openPullRequest(input);
  await server.api('PATCH', `/repos/${shop}/pulls/${first.number}`, { state: 'closed' });
  expect(await github.findPullRequest('ai/issue-43')).toMatchObject({ number: first.number, state: 'closed' });
  const second = await github.openPullRequest(input);
  expect(await github.findPullRequest('ai/issue-43')).toMatchObject({ number: second.number, state: 'open' });
});

test('each permission that a job lacks is named as it is written in a workflow', async () => {
  const { number } = await newIssue('No permissions');
  const github = asJob({ contents: 'read', issues: 'read', 'pull-requests': 'read' });
  await expect(github.createComment(number, 'hello')).rejects.toMatchObject({
    code: 'github-permission',
    message: expect.stringContaining('`issues: write`'),
  });
  const input = { title: 'x', body: 'x', head: 'ai/issue-42', base: 'main', draft: false };
  await expect(github.openPullRequest(input)).rejects.toMatchObject({
    code: 'github-permission',
    message: expect.stringContaining('`pull-requests: write`'),
  });
});

test('every request above is one that GitHub describes', () => {
  expect(server.problems).toEqual([]);
});

describe('a comment that carries our marker', () => {
  const marker = '<!-- ai-implement:issue-42:1-1:progress -->';
  const say = (issueNumber: number, author: string, body = `${marker}\nworking`) =>
    server.createComment({ repository: shop, issueNumber, body, author });

  test('is found again by the job that wrote it, and by no words of anybody else', async () => {
    const { number } = await newIssue('Find it');
    const github = asJob();
    expect(await github.findComment(number, [marker])).toBeNull();
    await say(number, 'stranger');
    expect(await github.findComment(number, [marker])).toBeNull();
    const saved = await github.createComment(number, `${marker}\nworking`);
    await say(number, 'writer');
    expect(await github.findComment(number, ['<!-- other -->', marker])).toEqual(saved);
    expect(await github.findComment(number, ['<!-- other -->'])).toBeNull();
  });

  test('further down than the first line is a quotation', async () => {
    const { number } = await newIssue('Quote it');
    const github = asJob();
    await github.createComment(number, `See:\n${marker}`);
    expect(await github.findComment(number, [marker])).toBeNull();
  });

  test("is looked for by login with a person's token", async () => {
    const { number } = await newIssue('Find mine');
    await say(number, 'maintainer');
    const { github } = connect(server.url, 5000, 'pat-writer');
    expect(await github.findComment(number, [marker])).toBeNull();
    const saved = await github.createComment(number, `${marker}\nworking`);
    expect(await github.findComment(number, [marker])).toEqual(saved);
  });
});
