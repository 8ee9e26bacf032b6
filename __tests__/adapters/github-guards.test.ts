import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createOpenApiJudge } from '../../testbed/github/openapi-judge.ts';
import { startGitHub } from '../../testbed/github/server.ts';
import type { GitHubServer, JobPermissions } from '../../testbed/github/types.ts';
import { connect, startAnswers } from './github-server.ts';

const shop = 'octo/shop';
const all: JobPermissions = { contents: 'write', issues: 'write', 'pull-requests': 'write' };
let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHub({
    users: [],
    repositories: [{ name: shop, protectedBranches: ['main'], rules: ['deletion', 'pull_request'] }],
    judge: createOpenApiJudge(),
  });
  await server.seedRepository(shop, { 'a.txt': 'naïve\n', 'folder/b.txt': 'b' });
  await server.seedRepository(shop, { 'a.txt': 'other' }, { branch: 'ai/state/runs' });
});
afterAll(async () => {
  expect(server.problems).toEqual([]);
  await server.close();
});

const asJob = (permissions = all) => connect(server.url, 5000, server.mintToken(permissions, shop)).github;

describe('a file of a branch', () => {
  test('is read as it is, from the branch that is named', async () => {
    expect(await asJob().readFile('main', 'a.txt')).toBe('naïve\n');
    expect(await asJob().readFile('main', 'folder/b.txt')).toBe('b');
    expect(await asJob().readFile('ai/state/runs', 'a.txt')).toBe('other');
  });

  test('is null where the file or the branch is not there', async () => {
    expect(await asJob().readFile('main', 'c.txt')).toBeNull();
    expect(await asJob().readFile('gone', 'a.txt')).toBeNull();
  });

  test('that is too big to be sent is a failure and no empty file', async () => {
    using answers = await startAnswers(() => ({ status: 200, body: { encoding: 'none', content: '' } }));
    await expect(connect(answers.url).github.readFile('main', 'a.txt')).rejects.toMatchObject({
      code: 'github-unavailable',
    });
  });
});

test('the protection of a branch is told as the token is shown it', async () => {
  expect(await asJob().branchGuard('main')).toEqual({ isProtected: true, rules: ['deletion', 'pull_request'] });
  expect((await asJob().branchGuard('ai/state/runs')).isProtected).toBe(false);
});

describe('the rights of a token', () => {
  const branches = { base: 'main', ours: 'ai/check' };

  test('are there, and asking for them makes nothing', async () => {
    await asJob().checkRights(branches);
    expect((await server.api('GET', `/repos/${shop}/pulls?state=all`)).body).toEqual([]);
    expect(await server.api('GET', `/repos/${shop}/branches/ai/check`)).toMatchObject({ status: 404 });
  });

  test.each([
    [{ ...all, contents: 'read' }, 'push branches', 'contents: write'],
    [{ ...all, 'pull-requests': 'read' }, 'open a pull request', 'pull-requests: write'],
  ] as const)('are missed by name with %j', async (permissions, action, permission) => {
    await expect(asJob(permissions).checkRights(branches)).rejects.toMatchObject({
      code: 'github-permission',
      message: `The GitHub token may not ${action}: it lacks \`${permission}\`.`,
    });
  });

  test('are there in a repository without a commit: what is missing then is told elsewhere', async () => {
    using answers = await startAnswers(() => ({ status: 409, body: { message: 'Git Repository is empty.' } }));
    await connect(answers.url).github.checkRights(branches);
    expect(answers.requests.map(({ line }) => line).sort()).toEqual([
      'POST /api/v3/repos/octo/shop/git/refs',
      'POST /api/v3/repos/octo/shop/pulls',
    ]);
  });

  test('are not told by an outage', async () => {
    using answers = await startAnswers(() => ({ status: 502 }));
    await expect(connect(answers.url).github.checkRights(branches)).rejects.toMatchObject({
      code: 'github-unavailable',
    });
  });
});
