// What github.com refuses and an emulator lets pass: each is a bug that the product would otherwise hide from its tests.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO, demo, startBed, type TestBed } from './bed.ts';

let bed: TestBed;
let issue_number: number;
beforeAll(async () => {
  bed = await startBed();
  issue_number = (await bed.github.createIssue({ repository: DEMO, title: 'Add login', author: 'stranger' })).number;
});
afterAll(() => bed.close());

/** The status, the body and the headers of a refusal, as Octokit throws it. */
async function refusal(call: Promise<unknown>): Promise<{ status: number; data: unknown; headers: unknown }> {
  const error: unknown = await call.then(
    () => Promise.reject(new Error('GitHub would have refused this.')),
    (thrown: unknown) => thrown,
  );
  const { status, response } = Object(error);
  return { status, data: response?.data ?? String(error), headers: response?.headers };
}

const job = (
  permissions: Parameters<TestBed['github']['mintToken']>[0],
  repository = DEMO,
): ReturnType<TestBed['client']> => bed.client(bed.github.mintToken(permissions, repository));

describe('who is asking', () => {
  test('a token nobody has is refused, and is not taken for a user', async () => {
    const { status, data } = await refusal(bed.client('ghp_wrong').users.getAuthenticated());
    expect({ status, data }).toMatchObject({ status: 401, data: { message: 'Bad credentials', status: '401' } });
  });

  test('nobody may write without a token, and everybody may read', async () => {
    const { status, data } = await refusal(bed.client().issues.createComment({ ...demo, issue_number, body: 'x' }));
    expect({ status, data }).toMatchObject({ status: 401, data: { message: 'Requires authentication' } });
    expect((await bed.client().issues.get({ ...demo, issue_number })).data.title).toBe('Add login');
  });

  test('the token of a job is no user', async () => {
    const { status, data } = await refusal(job({ contents: 'read' }).users.getAuthenticated());
    expect({ status, data }).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
    });
  });

  test('the token of a job acts as the bot of Actions', async () => {
    const { data } = await job({ issues: 'write' }).issues.createComment({ ...demo, issue_number, body: 'hello' });
    expect(data.user).toMatchObject({ login: 'github-actions[bot]', type: 'Bot' });
  });

  test('the API knows a repository only by its name', async () => {
    expect((await refusal(bed.client('tok-octo').repos.get({ owner: 'octo', repo: 'nope' }))).status).toBe(404);
  });
});

describe('what a token may do', () => {
  test.each([[{ contents: 'write', 'pull-requests': 'write' }], [{ issues: 'read' }]] as const)(
    'a job with %j may not comment on an issue, and the header names what it lacks',
    async (permissions) => {
      const { status, data, headers } = await refusal(
        job(permissions).issues.createComment({ ...demo, issue_number, body: 'x' }),
      );
      expect({ status, data }).toMatchObject({
        status: 403,
        data: { message: 'Resource not accessible by integration' },
      });
      expect(headers).toMatchObject({ 'x-accepted-github-permissions': 'issues=write; pull_requests=write' });
    },
  );

  test('a job without pull-requests may open none, and the header says so', async () => {
    const asked = job({ contents: 'write', issues: 'write' }).pulls.create({
      ...demo,
      title: 'x',
      head: 'x',
      base: 'main',
    });
    expect(await refusal(asked)).toMatchObject({
      status: 403,
      headers: { 'x-accepted-github-permissions': 'pull_requests=write' },
    });
  });

  test('the token of a job ends at its own repository', async () => {
    const other = job({ issues: 'write' }, 'octo/empty');
    expect((await refusal(other.issues.createComment({ ...demo, issue_number, body: 'x' }))).status).toBe(403);
  });

  test('a stranger may comment and react, and may neither label nor touch another comment', async () => {
    const stranger = bed.client('tok-stranger').issues;
    const { data: own } = await stranger.createComment({ ...demo, issue_number, body: '/ai-implement' });
    expect(own.author_association).toBe('NONE');
    await stranger.updateComment({ ...demo, comment_id: own.id, body: 'never mind' });
    expect((await refusal(stranger.addLabels({ ...demo, issue_number, labels: ['x'] }))).status).toBe(403);
    const { id } = await bed.github.createComment({
      repository: DEMO,
      issueNumber: issue_number,
      body: 'x',
      author: 'octo',
    });
    expect((await refusal(stranger.updateComment({ ...demo, comment_id: id, body: 'y' }))).status).toBe(403);
    expect((await bed.client('tok-triager').issues.addLabels({ ...demo, issue_number, labels: ['x'] })).status).toBe(
      200,
    );
  });

  test.each([
    ['octo', 'admin', 'admin'],
    ['maintainer', 'write', 'maintain'],
    ['writer', 'write', 'write'],
    ['triager', 'read', 'triage'],
    ['stranger', 'read', 'read'],
  ])('the permission of %s is %s and the role %s', async (username, permission, role_name) => {
    const { data } = await job({ contents: 'read' }).repos.getCollaboratorPermissionLevel({ ...demo, username });
    expect(data).toMatchObject({ permission, role_name, user: { login: username, role_name } });
  });

  test.each(['nobody-here', 'github-actions[bot]'])('%s is not a user', async (username) => {
    const { status, data } = await refusal(job({}).repos.getCollaboratorPermissionLevel({ ...demo, username }));
    expect({ status, data }).toMatchObject({ status: 404, data: { message: `${username} is not a user` } });
  });
});

describe('texts and reactions', () => {
  test('a comment may have 65,536 characters and no more', async () => {
    const { createComment, updateComment } = bed.client('tok-octo').issues;
    const { data } = await createComment({ ...demo, issue_number, body: '🦊'.repeat(65_536) });
    const body = 'x'.repeat(65_537);
    const fault = { resource: 'IssueComment', code: 'unprocessable', message: expect.stringContaining('65536') };
    const expected = { status: 422, data: { message: 'Validation Failed', errors: [fault] } };
    expect(await refusal(createComment({ ...demo, issue_number, body }))).toMatchObject(expected);
    expect(await refusal(updateComment({ ...demo, comment_id: data.id, body }))).toMatchObject(expected);
    expect((await refusal(createComment({ ...demo, issue_number, body: ' ' }))).status).toBe(422);
  });

  test('an issue needs a title, and its body has the same limit', async () => {
    const { create } = bed.client('tok-octo').issues;
    expect(await refusal(create({ ...demo, title: ' ' }))).toMatchObject({
      data: { errors: [{ field: 'title', code: 'missing_field' }] },
    });
    const long = await refusal(create({ ...demo, title: 'x', body: 'x'.repeat(65_537) }));
    expect(long).toMatchObject({ status: 422, data: { errors: [{ field: 'body', code: 'custom' }] } });
  });

  test('the same reaction twice is one reaction', async () => {
    const { createForIssue, listForIssue } = job({ issues: 'write' }).reactions;
    expect((await createForIssue({ ...demo, issue_number, content: 'eyes' })).status).toBe(201);
    expect((await createForIssue({ ...demo, issue_number, content: 'eyes' })).status).toBe(200);
    expect(
      (await listForIssue({ ...demo, issue_number })).data.map(({ content, user }) => [content, user?.login]),
    ).toEqual([['eyes', 'github-actions[bot]']]);
    expect((await refusal(createForIssue({ ...demo, issue_number: 999, content: 'eyes' }))).status).toBe(404);
  });
});

describe('faults on order', () => {
  test('the next matching request is struck, as often as said, and no other', async () => {
    const octo = bed.client('tok-octo').issues;
    const body = { message: 'You have exceeded a secondary rate limit.' };
    bed.github.fault({
      method: 'POST',
      path: /\/comments$/,
      status: 403,
      body,
      headers: { 'retry-after': '1' },
      times: 2,
    });
    const write = (): Promise<unknown> => octo.createComment({ ...demo, issue_number, body: 'x' });
    expect((await octo.get({ ...demo, issue_number })).status).toBe(200);
    expect(await refusal(write())).toMatchObject({ status: 403, data: body, headers: { 'retry-after': '1' } });
    expect((await refusal(write())).status).toBe(403);
    expect(await write()).toMatchObject({ status: 201 });
  });

  test('a connection can be cut', async () => {
    bed.github.fault({ path: `/repos/${DEMO}`, hangUp: true });
    expect(await refusal(bed.client('tok-octo').repos.get(demo))).toMatchObject({ status: 500, headers: undefined });
    expect((await bed.client('tok-octo').repos.get(demo)).status).toBe(200);
  });

  test('every request of the product is in the log, with who sent it and what came back', async () => {
    const before = bed.github.log.length;
    await job({ issues: 'write' }).issues.createComment({ ...demo, issue_number, body: 'logged' });
    await bed.github.api('GET', `/repos/${DEMO}`);
    expect(bed.github.log.slice(before)).toEqual([
      expect.objectContaining({
        method: 'POST',
        kind: 'api',
        login: 'github-actions[bot]',
        body: { body: 'logged' },
        status: 201,
      }),
    ]);
  });

  test('an operation the bed does not have is a problem, never a quiet success', async () => {
    expect((await refusal(bed.client('tok-octo').repos.listDeployments(demo))).status).toBe(501);
    expect(bed.github.problems).toEqual([`GET /repos/${DEMO}/deployments is not among the operations of the bed`]);
  });
});
