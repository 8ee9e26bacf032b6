// From a clone to a pull request, with real git on one side and the API on the other.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEMO, demo, startBed, userGit, withToken, type TestBed } from './bed.ts';

let bed: TestBed;
let work: string;
let api: ReturnType<TestBed['client']>;
let count = 0;
beforeAll(async () => {
  bed = await startBed();
  api = bed.client(bed.github.mintToken({ contents: 'write', issues: 'write', 'pull-requests': 'write' }, DEMO));
});
afterAll(async () => {
  expect(bed.github.problems).toEqual([]);
  await bed.close();
});

/** A fresh clone with the token of a job that has these permissions. */
async function clone(permissions: Parameters<TestBed['github']['mintToken']>[0]): Promise<string> {
  count += 1;
  const token = bed.github.mintToken(permissions, DEMO);
  await userGit(
    bed.directory,
    'clone',
    '--quiet',
    withToken(bed.github.cloneUrl(DEMO), token),
    `work-${String(count)}`,
  );
  return join(bed.directory, `work-${String(count)}`);
}
beforeEach(async () => {
  work = await clone({ contents: 'write' });
});

/** Commits one file onto a branch and returns the commit. */
async function change(branch: string, path: string, content: string): Promise<string> {
  await userGit(work, 'checkout', '--quiet', '-B', branch);
  await mkdir(join(work, path, '..'), { recursive: true });
  await writeFile(join(work, path), content);
  await userGit(work, 'add', '--all');
  await userGit(work, 'commit', '--quiet', '--message', `feat: ${path}`);
  return userGit(work, 'rev-parse', 'HEAD');
}

const open = (head: string, base = 'main'): Promise<{ data: { number: number; mergeable: boolean | null } }> =>
  api.pulls.create({ ...demo, title: `Pull ${head}`, head, base });
const errors = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'nothing refused',
    (error: unknown) => Object(error).response.data.errors ?? Object(error).response.data.message,
  );

describe('a pull request', () => {
  test('shows what was pushed: head, commits, files and lines', async () => {
    const head = await change('ai/one', 'src/one.txt', '1\n2\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/one');
    const { number } = (await open('ai/one')).data;
    const { data } = await api.pulls.get({ ...demo, pull_number: number });
    expect(data).toMatchObject({
      head: { sha: head, ref: 'ai/one' },
      commits: 1,
      changed_files: 1,
      additions: 2,
      deletions: 0,
    });
    const next = await change('ai/one', 'src/one.txt', '1\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/one');
    expect((await api.pulls.get({ ...demo, pull_number: number })).data).toMatchObject({
      head: { sha: next },
      commits: 2,
      additions: 1,
    });
    expect((await api.pulls.list({ ...demo, head: 'octo:ai/one' })).data.map((pull) => pull.head.sha)).toEqual([next]);
    expect((await api.git.getRef({ ...demo, ref: 'heads/ai/one' })).data.object.sha).toBe(next);
  });

  test('keeps its last head when its branch is deleted after it is closed', async () => {
    const head = await change('ai/gone', 'gone.txt', 'x\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/gone');
    const { number } = (await open('ai/gone')).data;
    await api.pulls.update({ ...demo, pull_number: number, state: 'closed' });
    await userGit(work, 'push', '--quiet', 'origin', ':ai/gone');
    expect((await api.pulls.get({ ...demo, pull_number: number })).data.head.sha).toBe(head);
  });

  test('is first of unknown mergeability, then clean, and dirty when the base moves against it', async () => {
    await change('ai/clash', 'src/a.txt', 'mine\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/clash');
    const { number, mergeable } = (await open('ai/clash')).data;
    const look = async (): Promise<unknown> => {
      const { data } = await api.pulls.get({ ...demo, pull_number: number });
      return [data.mergeable, data.mergeable_state];
    };
    expect(mergeable).toBeNull();
    expect(await look()).toEqual([true, 'clean']);
    await bed.github.seedRepository(DEMO, { 'src/a.txt': 'theirs\n' });
    expect(await look()).toEqual([null, 'unknown']);
    expect(await look()).toEqual([false, 'dirty']);
  });

  test('is refused for a head or base that does not exist, and no branch comes into being', async () => {
    expect(await errors(open('nope'))).toEqual([{ resource: 'PullRequest', code: 'invalid', field: 'head' }]);
    await change('ai/based', 'b.txt', 'x\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/based');
    expect(await errors(open('ai/based', 'nope'))).toEqual([
      { resource: 'PullRequest', code: 'invalid', field: 'base' },
    ]);
    expect((await api.repos.listBranches(demo)).data.map(({ name }) => name)).not.toContain('nope');
  });

  test('is refused when there is nothing in it', async () => {
    await userGit(work, 'push', '--quiet', 'origin', 'main:ai/empty');
    expect(await errors(open('ai/empty'))).toEqual([
      { resource: 'PullRequest', code: 'custom', message: 'No commits between main and ai/empty' },
    ]);
  });

  test('is refused a second time for the same head, until the first is closed', async () => {
    await change('ai/twice', 'twice.txt', 'x\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/twice');
    const { number } = (await open('octo:ai/twice')).data;
    const message = 'A pull request already exists for octo:ai/twice.';
    expect(await errors(open('ai/twice'))).toEqual([{ resource: 'PullRequest', code: 'custom', message }]);
    await api.pulls.update({ ...demo, pull_number: number, state: 'closed' });
    expect((await open('ai/twice')).data.number).toBeGreaterThan(number);
  });

  test('is refused to Actions where the repository does not allow it', async () => {
    await bed.github.seedRepository('octo/strict', { 'a.txt': 'a' });
    await bed.github.seedRepository('octo/strict', { 'b.txt': 'b' }, { branch: 'b' });
    const input = { owner: 'octo', repo: 'strict', title: 'B', head: 'b', base: 'main' };
    const bot = bed.client(bed.github.mintToken({ 'pull-requests': 'write' }, 'octo/strict'));
    expect(await errors(bot.pulls.create(input))).toBe(
      'GitHub Actions is not permitted to create or approve pull requests.',
    );
    expect((await bed.client('tok-octo').pulls.create(input)).status).toBe(201);
  });

  test('is not found by a head without its owner: GitHub passes over such a filter', async () => {
    const [all, filtered] = [await api.pulls.list(demo), await api.pulls.list({ ...demo, head: 'ai/none' })];
    expect(filtered.data.length).toBe(all.data.length);
    expect((await api.pulls.list({ ...demo, head: 'octo:ai/none' })).data).toEqual([]);
  });

  test('is an issue with a link to itself, for a token that may read pull requests', async () => {
    await change('ai/issue', 'issue.txt', 'x\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/issue');
    const issue_number = (await open('ai/issue')).data.number;
    const { data } = await api.issues.get({ ...demo, issue_number });
    expect(data).toMatchObject({ number: issue_number, pull_request: { url: expect.stringContaining('/pulls/') } });
    const write = { ...demo, issue_number, body: 'x' };
    const issuesOnly = bed.client(bed.github.mintToken({ issues: 'write' }, DEMO)).issues;
    expect(await errors(issuesOnly.createComment(write))).toBe('Resource not accessible by integration');
    const pullsOnly = bed.client(bed.github.mintToken({ 'pull-requests': 'write' }, DEMO)).issues;
    expect((await pullsOnly.createComment(write)).status).toBe(201);
  });
});

describe('refs of the API', () => {
  test('are those of git, both ways', async () => {
    const sha = await userGit(work, 'rev-parse', 'HEAD');
    await api.git.createRef({ ...demo, ref: 'refs/heads/made', sha });
    expect(await userGit(work, 'ls-remote', 'origin', 'refs/heads/made')).toContain(sha);
    expect(await errors(api.git.createRef({ ...demo, ref: 'refs/heads/made', sha }))).toBe('Reference already exists');
    expect(await errors(api.git.createRef({ ...demo, ref: 'refs/heads/x', sha: 'f'.repeat(40) }))).toBe(
      'Object does not exist',
    );
    await bed.github.seedRepository(DEMO, { 'later.txt': 'x' }, { branch: 'made' });
    expect(await errors(api.git.updateRef({ ...demo, ref: 'heads/made', sha }))).toBe('Update is not a fast forward');
    await api.git.updateRef({ ...demo, ref: 'heads/made', sha, force: true });
    await api.git.deleteRef({ ...demo, ref: 'heads/made' });
    expect(await userGit(work, 'ls-remote', 'origin', 'refs/heads/made')).toBe('');
  });

  test('of an empty repository are a conflict', async () => {
    const call = api.git.getRef({ owner: 'octo', repo: 'empty', ref: 'heads/main' });
    expect(await errors(call)).toBe('Git Repository is empty.');
  });
});

describe('git over HTTP', () => {
  test('a job with contents: read may clone and not push', async () => {
    work = await clone({ contents: 'read' });
    await change('ai/denied', 'denied.txt', 'x\n');
    await expect(userGit(work, 'push', '--quiet', 'origin', 'ai/denied')).rejects.toThrow(/403/);
    expect(await userGit(work, 'ls-remote', 'origin', 'ai/denied')).toBe('');
  });

  test('everybody may clone, but not with a token nobody has', async () => {
    const url = bed.github.cloneUrl(DEMO);
    expect(await userGit(bed.directory, 'ls-remote', url, 'main')).toContain('refs/heads/main');
    const header = `http.extraHeader=Authorization: Basic ${Buffer.from('x-access-token:ghs_wrong').toString('base64')}`;
    await expect(userGit(bed.directory, '-c', header, 'ls-remote', url)).rejects.toThrow(/could not read Username/);
    await expect(userGit(bed.directory, 'ls-remote', bed.github.cloneUrl('octo/nope'))).rejects.toThrow(/not found/);
  });

  test('the token of a job may not bring in workflow files, and a person may', async () => {
    await change('ai/workflow', '.github/workflows/x.yml', 'on: push\n');
    await expect(userGit(work, 'push', '--quiet', 'origin', 'ai/workflow')).rejects.toThrow(
      /refusing to allow a GitHub App to create or update workflow `.github\/workflows\/x.yml` without `workflows` permission/,
    );
    const person = withToken(bed.github.cloneUrl(DEMO), 'tok-writer');
    await userGit(work, 'push', '--quiet', person, 'ai/workflow');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/workflow:ai/again');
  });

  test('a lease holds, several push at once, and a big push arrives whole', async () => {
    const old = await change('ai/lease', 'lease.txt', 'x\n');
    await userGit(work, 'push', '--quiet', 'origin', 'ai/lease');
    await bed.github.seedRepository(DEMO, { 'other.txt': 'x' }, { branch: 'ai/lease' });
    await change('ai/lease', 'lease.txt', 'y\n');
    const leased = userGit(work, 'push', '--quiet', `--force-with-lease=ai/lease:${old}`, 'origin', 'ai/lease');
    await expect(leased).rejects.toThrow(/stale info/);
    const big = await change('ai/big', 'big.bin', Array.from({ length: 20_000 }, () => Math.random()).join());
    const chunked = ['-c', 'http.postBuffer=65536'];
    const names = ['ai/p1', 'ai/p2', 'ai/p3'];
    await Promise.all(names.map((name) => userGit(work, ...chunked, 'push', '--quiet', 'origin', `ai/big:${name}`)));
    const seen = await userGit(work, 'ls-remote', 'origin', 'ai/p*');
    expect(seen.split('\n').map((line) => line.split('\t')[0])).toEqual([big, big, big]);
  });

  test('a push can be struck by a fault', async () => {
    await change('ai/struck', 'struck.txt', 'x\n');
    bed.github.fault({ method: 'POST', path: `/${DEMO}.git/git-receive-pack`, status: 500 });
    await expect(userGit(work, 'push', '--quiet', 'origin', 'ai/struck')).rejects.toThrow(/500/);
    await userGit(work, 'push', '--quiet', 'origin', 'ai/struck');
    expect(bed.github.log.at(-1)).toMatchObject({ kind: 'git', login: 'github-actions[bot]', status: 200 });
  });
});
