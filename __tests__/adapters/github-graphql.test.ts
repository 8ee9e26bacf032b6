import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { graphqlUrlOf } from '../../src/adapters/github-graphql.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer } from '../../testbed/github/types.ts';
import { connect, startAnswers } from './github-server.ts';

const shop = 'octo/shop';
let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHub({
    users: ['mallory', 'helper[bot]'],
    tokens: { 'pat-writer': 'writer' },
    repositories: [{ name: shop, collaborators: { writer: 'write' } }],
  });
});
afterAll(() => server.close());

const asJob = () => connect(server.url, 5000, server.mintToken({ issues: 'read' }, shop)).github;

describe('who edited an issue', () => {
  test('is nobody as long as it is as it was written', async () => {
    const { number } = await server.createIssue({ repository: shop, title: 'T', body: 'B', author: 'mallory' });
    expect(await asJob().issueEdits(number)).toMatchObject({ edits: [], isWhole: true });
  });

  test('is told of title and body alike, and what was written at first is no edit', async () => {
    const { number } = await server.createIssue({ repository: shop, title: 'T', body: 'B', author: 'mallory' });
    const at = (second: number) => new Date(Date.now() + second * 1000);
    const about = { repository: shop, issueNumber: number };
    await server.editIssue({ ...about, editor: 'mallory', body: 'C', at: at(60) });
    await server.editIssue({ ...about, editor: 'writer', body: 'D', at: at(120) });
    await server.editIssue({ ...about, editor: 'helper[bot]', title: 'U', at: at(180) });
    const { edits, viewer } = await asJob().issueEdits(number);
    expect(viewer.login).toBe('github-actions[bot]');
    expect(edits.map(({ part, by }) => `${part} ${by ?? 'nobody'}`).sort()).toEqual([
      'body mallory',
      'body writer',
      'body writer',
      'title helper[bot]',
    ]);
  });
});

test('the account of a token is told by its number, for a person and for a job', async () => {
  const idOf = async (login: string) =>
    Object((await server.api('GET', `/users/${encodeURIComponent(login)}`)).body).id;
  const account = (token: string) => connect(server.url, 5000, token).github.account();
  expect(await account('pat-writer')).toEqual({ login: 'writer', id: await idOf('writer') });
  const bot = 'github-actions[bot]';
  expect(await account(server.mintToken({}, shop))).toEqual({ login: bot, id: await idOf(bot) });
});

describe('no answer', () => {
  const edit = { editedAt: '2026-11-22T12:00:00Z', editor: null };
  const issue = {
    createdAt: '2026-11-22T11:00:00Z',
    includesCreatedEdit: false,
    lastEditedAt: edit.editedAt,
    editor: null,
    userContentEdits: { pageInfo: { hasNextPage: true }, nodes: [edit] },
    timelineItems: { pageInfo: { hasPreviousPage: false }, nodes: [] },
  };
  const viewer = { login: 'ann', databaseId: 7 };
  const answered = async (body: unknown) => {
    using answers = await startAnswers(() => ({ status: 200, body }));
    return await connect(answers.url).github.issueEdits(1);
  };

  test('is made of half of one: errors beside data are a failure', async () => {
    const errors = [{ message: 'Something went wrong' }];
    await expect(answered({ data: { viewer, repository: { issue } }, errors })).rejects.toMatchObject({
      code: 'github-refused',
      message: expect.stringContaining('Something went wrong'),
    });
  });

  test.each([
    ['an issue that is not there', { data: { viewer, repository: { issue: null } } }],
    ['a field that is missing', { data: { viewer, repository: { issue: { ...issue, timelineItems: null } } } }],
    ['nothing at all', {}],
  ])('is made of %s', async (_, body) => {
    await expect(answered(body)).rejects.toMatchObject({ code: 'github-unavailable' });
  });

  test('is taken for whole that has more pages, and an account that is gone stays nobody', async () => {
    const body = { data: { viewer, repository: { issue } } };
    expect(await answered(body)).toEqual({
      viewer: { login: 'ann', id: 7 },
      edits: Array.from({ length: 2 }, () => ({ part: 'body', at: edit.editedAt, by: null })),
      isWhole: false,
    });
  });
});

describe('the address', () => {
  test.each([
    ['https://api.github.test', 'https://api.github.test/graphql'],
    ['https://git.firm.test/api/v3/', 'https://git.firm.test/api/graphql'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/graphql'],
  ])('of the API at %s is %s', (api, graphql) => {
    expect(graphqlUrlOf(api)).toBe(graphql);
  });

  test('is asked there, with the token', async () => {
    using answers = await startAnswers(() => ({
      status: 200,
      body: { data: { viewer: { login: 'ann', databaseId: 7 } } },
    }));
    await connect(answers.url).github.account();
    expect(answers.requests).toMatchObject([
      { line: 'POST /api/graphql', authorization: expect.stringContaining('tok-test') },
    ]);
  });
});
