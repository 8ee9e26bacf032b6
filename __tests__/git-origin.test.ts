import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { readOrigin, type ForgeUrls } from '../src/adapters/git-origin.ts';
import { git, makeBed, type Bed } from './adapters/git-bed.ts';

let bed: Bed;
beforeAll(async () => {
  bed = await makeBed({ 'a.txt': 'a\n' });
});
afterAll(() => bed.close());

const nowhere: ForgeUrls = { serverUrl: null, apiUrl: null };
const origin = (url: string | null, repo: string | null = null, urls = nowhere) => {
  git(bed.checkout, 'config', '--local', 'remote.origin.url', url ?? '');
  return readOrigin(join(bed.checkout, '.git'), repo, urls);
};

test.each([
  ['https://github.com/octo/shop.git', 'https://github.com', 'https://api.github.com'],
  ['https://user:secret@github.com/octo/shop', 'https://github.com', 'https://api.github.com'],
  ['git@github.com:octo/shop.git', 'https://github.com', 'https://api.github.com'],
  ['ssh://git@github.com/octo/shop.git/', 'https://github.com', 'https://api.github.com'],
  ['https://octo.ghe.com/octo/shop', 'https://octo.ghe.com', 'https://api.octo.ghe.com'],
  ['https://git.corp.example/octo/shop.git', 'https://git.corp.example', 'https://git.corp.example/api/v3'],
  ['http://127.0.0.1:8080/octo/shop', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v3'],
])('%s is octo/shop at %s', async (url, serverUrl, apiUrl) => {
  expect(await origin(url)).toEqual({ repository: { owner: 'octo', name: 'shop' }, serverUrl, apiUrl });
});

test('flags and environment go before the remote', async () => {
  const urls = { serverUrl: 'https://a.example', apiUrl: 'https://b.example/api' };
  expect(await origin('https://github.com/octo/shop', 'other/name', urls)).toEqual({
    repository: { owner: 'other', name: 'name' },
    ...urls,
  });
});

test.each([
  [null, null],
  ['/srv/git/shop.git', null],
  [null, 'no-slash'],
])('remote %p and --repo %p are not enough', async (url, repo) => {
  await expect(origin(url, repo)).rejects.toMatchObject({ code: 'input-invalid' });
});

test('a repository without a server to ask is not enough', async () => {
  await expect(origin(null, 'octo/shop')).rejects.toThrow('GITHUB_SERVER_URL');
});
