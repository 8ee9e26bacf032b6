import { describe, expect, test } from '@jest/globals';
import { connect, startAnswers, type Answer } from './github-server.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });
const comment = (id: number, body: string) => ({
  id,
  html_url: `http://github.test/c/${String(id)}`,
  body,
  user: { login: 'github-actions[bot]', type: 'Bot' },
  created_at: '2026-11-22T12:00:00Z',
  updated_at: '2026-11-22T12:00:00Z',
});
const pull = (number: number, ref = 'ai/issue-42', repo: string | null = 'octo/shop') => ({
  number,
  html_url: `http://github.test/octo/shop/pull/${String(number)}`,
  title: 'Add a login',
  body: null,
  draft: true,
  state: 'open',
  user: null,
  head: { ref, sha: 'a'.repeat(40), repo: repo === null ? null : { full_name: repo } },
  base: { ref: 'main' },
});
const input = { title: 'Add a login', body: 'Done.', head: 'ai/issue-42', base: 'main', draft: true };

describe('what GitHub refuses becomes an error that says what to do', () => {
  const integration = 'Resource not accessible by integration';
  test.each([
    [401, { message: 'Bad credentials' }, {}, 'github-bad-token', 'does not accept the token'],
    [403, { message: integration }, {}, 'github-permission', 'comment on the issue: it lacks `issues: write`'],
    [
      403,
      { message: integration },
      { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
      'github-permission',
      '`issues: write` or `pull-requests: write`',
    ],
    [403, { message: 'Must have admin rights to Repository.' }, {}, 'github-permission', 'issues: write'],
    [403, { message: 'Unable to create comment because issue is locked.' }, {}, 'github-refused', 'is locked'],
    [404, { message: 'Not Found' }, {}, 'github-not-found', 'no such issue'],
    [410, { message: 'Issues are disabled for this repo' }, {}, 'github-refused', 'Issues are disabled'],
    [
      422,
      { message: 'Validation Failed', errors: ['too long', { message: 'bad' }, { code: 'x' }] },
      {},
      'github-refused',
      'Validation Failed: too long: bad',
    ],
  ])('%i %j %j', async (status, body, headers, code, sentence) => {
    using server = await startAnswers(() => ({ status, body, headers }));
    const { github, waits } = connect(server.url);
    await expect(github.createComment(42, 'hello')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence),
    });
    expect(waits).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test.each([403, 422])(
    'a pull request that Actions may not open names the rule of the repository (%i)',
    async (status) => {
      const message = 'GitHub Actions is not permitted to create or approve pull requests.';
      using server = await startAnswers(() => ({ status, body: { message } }));
      await expect(connect(server.url).github.openPullRequest(input)).rejects.toMatchObject({
        code: 'github-refused',
        message: expect.stringContaining(message),
        hint: expect.stringContaining('Settings, Actions, General'),
      });
    },
  );

  test('the token is sent and stands in no error', async () => {
    using server = await startAnswers(() => ({ status: 401, body: { message: 'Bad credentials' } }));
    const error: unknown = await connect(server.url)
      .github.issue(42)
      .catch((e: unknown) => e);
    expect(server.requests[0]?.authorization).toBe('token tok-test');
    expect(JSON.stringify([error, error instanceof Error && [error.message, error.stack, error.cause]])).not.toContain(
      'tok-test',
    );
  });
});

describe('rate limits are waited for', () => {
  const secondary = { message: 'You have exceeded a secondary rate limit.' };
  test.each([
    ['a secondary limit, as long as GitHub says', 403, { 'retry-after': '7' }, secondary, 7000],
    ['a secondary limit without a time, for a minute', 403, {}, secondary, 60_000],
    ['429, as long as GitHub says', 429, { 'retry-after': '2' }, { message: 'Too many requests' }, 2000],
    [
      'a used-up hour, until its end',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse('2026-11-22T12:00:30Z') / 1000) },
      { message: 'API rate limit exceeded for installation.' },
      31_000,
    ],
  ])('%s', async (_title, status, headers, body, delayMs) => {
    using server = await startAnswers((_line, count) =>
      count === 0 ? { status, headers, body } : ok({ id: 7, html_url: 'http://github.test/c/7' }),
    );
    const { github, waits, retries } = connect(server.url);
    expect(await github.createComment(42, 'hello')).toEqual({ id: 7, url: 'http://github.test/c/7' });
    expect(waits).toEqual([delayMs]);
    expect(retries).toEqual([
      { action: 'comment on the issue', attempt: 1, reason: expect.stringContaining(body.message), delayMs },
    ]);
    // The refusal said that nothing was posted: no look-up in between.
    expect(server.requests.map((one) => one.line.split(' ')[0])).toEqual(['POST', 'POST']);
  });

  test('a wait of an hour is not worth it', async () => {
    using server = await startAnswers(() => ({ status: 403, headers: { 'retry-after': '3600' }, body: secondary }));
    const { github, waits } = connect(server.url);
    await expect(github.issue(42)).rejects.toMatchObject({ code: 'github-unavailable' });
    expect(waits).toEqual([]);
  });
});

describe('outages are outlasted', () => {
  test('502, then an answer', async () => {
    using server = await startAnswers((_line, count) =>
      count === 0 ? { status: 502, body: 'Bad gateway' } : ok({ default_branch: 'main' }),
    );
    const { github, waits } = connect(server.url);
    expect(await github.defaultBranch()).toBe('main');
    expect(waits).toEqual([1000]);
  });

  test.each(['lost', 'torn'] as const)('a %s reply to a question is asked for again', async (fault) => {
    using server = await startAnswers((_line, count) => (count === 0 ? fault : ok({ default_branch: 'main' })));
    expect(await connect(server.url).github.defaultBranch()).toBe('main');
  });

  test('after four attempts it is an error, and the permission of a person stays unknown', async () => {
    using server = await startAnswers(() => ({ status: 500, body: { message: 'Server Error' } }));
    const { github, waits } = connect(server.url);
    await expect(github.permission('ann')).rejects.toMatchObject({ code: 'github-unavailable' });
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test('a server that never answers is given up', async () => {
    using server = await startAnswers(() => 'silent');
    await expect(connect(server.url, 50).github.permission('ann')).rejects.toMatchObject({
      code: 'github-unavailable',
      message: expect.stringContaining('no reply within the time limit'),
    });
    expect(server.requests).toHaveLength(4);
  });
});

/** What a job's token is told when it asks who it is. */
const asJob = { status: 403, body: { message: 'Resource not accessible by integration' } };

describe('a write whose reply was lost is looked up before it is repeated', () => {
  test.each(['lost', 'torn', { status: 502 }] as const)(
    'the comment is there after %j: it is not posted again',
    async (fault) => {
      using server = await startAnswers((line) =>
        line.startsWith('POST')
          ? fault
          : line.endsWith('/user')
            ? asJob
            : ok([comment(6, 'other'), comment(7, 'hello\r\n')]),
      );
      expect(await connect(server.url).github.createComment(42, 'hello')).toEqual({
        id: 7,
        url: 'http://github.test/c/7',
      });
      expect(server.requests.filter((one) => one.line.startsWith('POST'))).toHaveLength(1);
    },
  );

  test('the comment is not there: it is posted again', async () => {
    using server = await startAnswers((line, count) => {
      if (!line.startsWith('POST')) return ok([comment(6, 'other')]);
      return count === 0 ? 'lost' : ok(comment(8, 'hello'));
    });
    expect((await connect(server.url).github.createComment(42, 'hello')).id).toBe(8);
  });

  test('the pull request is there: it is not opened again', async () => {
    using server = await startAnswers((line) =>
      line.startsWith('POST') ? 'lost' : ok([pull(1, 'other'), pull(2, 'ai/issue-42', 'fork/shop'), pull(5)]),
    );
    expect((await connect(server.url).github.openPullRequest(input)).number).toBe(5);
    expect(server.requests.map((one) => one.line)).toEqual([
      'POST /api/v3/repos/octo/shop/pulls',
      'GET /api/v3/repos/octo/shop/pulls?state=all&head=octo:ai/issue-42&per_page=100',
    ]);
  });
});

describe('replies are read', () => {
  test.each([
    ['maintain', { role_name: 'maintain', permission: 'write' }],
    ['triage', { role_name: 'triage', permission: 'read' }],
    ['write', { role_name: 'deployer', permission: 'write' }],
    ['none', { role_name: 'owner', permission: 'everything' }],
    ['read', { permission: 'read' }],
  ])('a role reads as %s', async (role, body) => {
    using server = await startAnswers(() => ok(body));
    expect(await connect(server.url).github.permission('a/../b')).toBe(role);
    expect(server.requests[0]?.line).toContain('/collaborators/a/../b/permission');
  });

  test('a pull request without a head repository, author or body is readable', async () => {
    using server = await startAnswers(() => ok(pull(5, 'ai/issue-42', null)));
    expect(await connect(server.url).github.pullRequest(5)).toEqual({
      number: 5,
      url: 'http://github.test/octo/shop/pull/5',
      title: 'Add a login',
      body: '',
      draft: true,
      state: 'open',
      author: 'ghost',
      authorId: null,
      headBranch: 'ai/issue-42',
      headCommit: 'a'.repeat(40),
      headRepository: null,
      baseBranch: 'main',
    });
  });

  test('of a thread of 1,500 comments the first hundred and the newest nine hundred are read, in order', async () => {
    using server = await startAnswers((line) => {
      const page = Number(/&page=(\d+)/.exec(line)?.[1]);
      const link = `<${line}?per_page=100&page=2>; rel="next", <http://x/?per_page=100&page=15>; rel="last"`;
      return { status: 200, body: [comment(page, 'hello')], headers: page === 1 ? { link } : {} };
    });
    const comments = await connect(server.url).github.comments(42);
    expect(comments.map((one) => one.id)).toEqual([1, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(comments[0]).toMatchObject({ author: 'github-actions[bot]', isBot: true });
  });
});
