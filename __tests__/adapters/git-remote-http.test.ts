import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSource } from '../../src/adapters/git-source.ts';
import { createGitStore, type GitStore } from '../../src/adapters/git-store.ts';
import { clock, git, makeRepository } from './git-bed.ts';
import { startGitServer, type GitServer } from './git-http-bed.ts';

const token = 'ghs_planted0token0planted';

let directory: string;
let checkout: string;
let base: string;
let server: GitServer;
const stores: GitStore[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'git-remote-'));
  server = await startGitServer(directory);
  const first = join(directory, 'first');
  await makeRepository(first, { 'a.txt': 'one\n' });
  git(first, 'commit', '--quiet', '--allow-empty', '-m', 'second');
  git(first, 'push', '--quiet', server.repository, 'main');
  // As actions/checkout leaves it: one commit deep. By path: the server answers in this very process.
  checkout = join(directory, 'checkout');
  git(directory, 'clone', '--quiet', '--depth=1', `file://${server.repository}`, checkout);
  base = git(checkout, 'rev-parse', 'HEAD');
});
afterEach(async () => {
  for (const store of stores.splice(0)) store.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

async function openStore(url = server.url): Promise<GitStore> {
  const store = createGitStore({
    directory: join(directory, `store-${stores.length}`),
    source: await openSource(checkout),
    remote: { kind: 'http', url, token },
    clock,
    prefix: () => 'ai',
  });
  stores.push(store);
  return store;
}

async function commitOn(store: GitStore, parent: string, content: string): Promise<string> {
  const tree = await store.writeFiles(parent, [{ path: 'a.txt', content }]);
  return store.commit(tree, [parent], `write ${content}`);
}

const onServer = (ref: string): string => git(server.repository, 'rev-parse', '--verify', ref);

test('pushes several branches of a shallow checkout in one call, with the token as the header', async () => {
  const store = await openStore();
  const [one, two] = [await commitOn(store, base, '1'), await commitOn(store, base, '2')];
  await store.push([
    { branch: 'ai/issue-1', commit: one, expected: null },
    { branch: 'ai/agents/issue-1/dev/task-001', commit: two, expected: null },
  ]);
  expect(onServer('refs/heads/ai/issue-1')).toBe(one);
  expect(await store.remoteBranch('ai/agents/issue-1/dev/task-001')).toBe(two);
  expect(git(server.repository, 'log', '--format=%s', one)).toBe('write 1\nsecond\nbase');
  const sent = server.seen.filter(({ path }) => path.endsWith('/git-receive-pack'));
  const header = `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  expect(sent.map(({ authorization }) => authorization)).toEqual([header]);
});

test('moves a branch on, also when it is rewritten, while the lease holds', async () => {
  const store = await openStore();
  const [one, two] = [await commitOn(store, base, '1'), await commitOn(store, base, '2')];
  await store.push([{ branch: 'ai/x', commit: one, expected: null }]);
  await store.push([{ branch: 'ai/x', commit: two, expected: one }]);
  expect(onServer('refs/heads/ai/x')).toBe(two);
});

test('refuses all branches of a call when one has moved, and names that one', async () => {
  const store = await openStore();
  const [one, two] = [await commitOn(store, base, '1'), await commitOn(store, base, '2')];
  git(server.repository, 'update-ref', 'refs/heads/ai/moved', base);
  for (const expected of [null, one]) {
    const pushing = store.push([
      { branch: 'ai/new', commit: one, expected: null },
      { branch: 'ai/moved', commit: two, expected },
    ]);
    await expect(pushing).rejects.toMatchObject({
      code: 'push-refused',
      message: expect.stringMatching(/ai\/moved was refused.*stale info/s),
    });
  }
  expect(() => onServer('refs/heads/ai/new')).toThrow();
  expect(onServer('refs/heads/ai/moved')).toBe(base);
});

test.each([
  [403, 'github-permission', 'contents: write'],
  [401, 'github-bad-token', 'token'],
  [502, 'github-unavailable', '502'],
])('a push answered with %i is told as %s', async (status, code, words) => {
  const store = await openStore();
  const commit = await commitOn(store, base, '1');
  server.gate = () => ({ status });
  const error = { code, message: expect.stringContaining(words) };
  await expect(store.push([{ branch: 'ai/x', commit, expected: null }])).rejects.toMatchObject(error);
  await expect(store.checkPush()).rejects.toMatchObject({ code });
});

test('a server that cannot be reached is told as such', async () => {
  const store = await openStore('http://127.0.0.1:9/o/r.git');
  await expect(store.remoteBranch('ai/x')).rejects.toMatchObject({ code: 'github-unavailable' });
});

describe('a push whose reply was lost', () => {
  const isPush = ({ url = '' }: IncomingMessage) => url.endsWith('/git-receive-pack');
  const pushes = () => server.seen.filter(({ path }) => path.endsWith('/git-receive-pack'));

  test('is done where the remote has the commit, and is not sent again', async () => {
    const store = await openStore();
    const one = await commitOn(store, base, '1');
    await store.push([{ branch: 'ai/other', commit: one, expected: null }]);
    const before = pushes().length;
    server.gate = (request) => {
      if (!isPush(request)) return null;
      git(server.repository, 'update-ref', 'refs/heads/ai/x', one);
      return { status: 502 };
    };
    await store.push([{ branch: 'ai/x', commit: one, expected: null }]);
    expect(pushes()).toHaveLength(before + 1);
  });

  test('is sent once more where it did not arrive', async () => {
    const store = await openStore();
    const one = await commitOn(store, base, '1');
    let lost = 0;
    server.gate = (request) => (isPush(request) && lost++ === 0 ? { status: 502 } : null);
    await store.push([{ branch: 'ai/x', commit: one, expected: null }]);
    expect(onServer('refs/heads/ai/x')).toBe(one);
  });
});

test('asks whether a push would be let in, and changes nothing', async () => {
  const store = await openStore();
  await store.checkPush();
  expect(git(server.repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
});

test("gives the server's own words when its hook refuses a branch", async () => {
  const store = await openStore();
  const tree = await store.writeFiles(base, [{ path: '.github/workflows/x.yml', content: 'on: push\n' }]);
  const commit = await store.commit(tree, [base], 'workflow');
  await expect(store.push([{ branch: 'ai/x', commit, expected: null }])).rejects.toMatchObject({
    code: 'push-refused',
    message: expect.stringMatching(/ai\/x was refused.*refusing to allow a GitHub App/s),
  });
});

test("takes no notice of rewrites and helpers in the checkout's config", async () => {
  git(checkout, 'config', `url.http://127.0.0.1:9/.insteadOf`, new URL(server.url).origin);
  git(checkout, 'config', 'credential.helper', '!touch helper-ran');
  git(checkout, 'config', 'core.hooksPath', join(checkout, 'hooks'));
  const store = await openStore();
  const commit = await commitOn(store, base, '1');
  await store.push([{ branch: 'ai/x', commit, expected: null }]);
  expect(onServer('refs/heads/ai/x')).toBe(commit);
});

test('fetches a branch that the checkout does not have', async () => {
  const first = join(directory, 'first');
  git(first, 'commit', '--quiet', '--allow-empty', '-m', 'third');
  git(first, 'push', '--quiet', server.repository, 'HEAD:refs/heads/ai/issue-1');
  const store = await openStore();
  const head = await store.fetch('ai/issue-1');
  expect(head).toBe(git(first, 'rev-parse', 'HEAD'));
  expect(await store.readFile(head, 'a.txt')).toBe('one\n');
  const next = await commitOn(store, head, '4');
  await store.push([{ branch: 'ai/issue-1', commit: next, expected: head }]);
  await expect(store.fetch('ai/issue-2')).rejects.toMatchObject({ code: 'base-branch-missing' });
  expect(await store.remoteBranch('ai/issue-2')).toBeNull();
});

test('pushes nothing outside its prefix, and takes no credential in a URL', async () => {
  const store = await openStore();
  for (const branch of ['main', 'ai', 'aix/y', 'ai/../main', 'ai/x:refs/heads/main', '--force']) {
    await expect(store.push([{ branch, commit: base, expected: null }])).rejects.toThrow('not a branch of ours');
  }
  await expect(openStore('https://x:y@example.invalid/o/r.git')).rejects.toThrow('credential');
  await expect(openStore('ext::sh -c id')).rejects.toThrow('http');
});
