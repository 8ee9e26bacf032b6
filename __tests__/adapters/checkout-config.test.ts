import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readCheckoutConfig } from '../../src/adapters/checkout-config.ts';
import { includedPaths } from '../../src/preflight/credential-warning.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkout-config-'));
  await mkdir(join(root, 'temp'));
  await mkdir(join(root, '.git'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const read = () => readCheckoutConfig({ gitDir: join(root, '.git'), tempDir: join(root, 'temp'), includedPaths });
const config = (text: string) => writeFile(join(root, '.git', 'config'), text);

test('the configuration is read, and a file below the temporary folder that it includes', async () => {
  await writeFile(join(root, 'temp', 'git-credentials-1.config'), '[http]\n');
  const text = `[core]\n\tbare = false\n[includeIf "gitdir:${root}/.git"]\n\tpath = ${root}/temp/git-credentials-1.config\n`;
  await config(text);
  expect(await read()).toEqual([
    { name: '.git/config', text },
    { name: 'git-credentials-1.config', text: '[http]\n' },
  ]);
});

test('a file elsewhere is left alone, by whatever way it is named', async () => {
  await writeFile(join(root, 'secret'), 'secret');
  await config(
    `[include]\n\tpath = ${root}/secret\n\tpath = ${root}/temp/../secret\n\tpath = ../secret\n\tpath = ${root}/temp\n`,
  );
  expect((await read()).map(({ name }) => name)).toEqual(['.git/config']);
});

test('what is no file, is not there, or is too big says nothing', async () => {
  await config(
    `[include]\n\tpath = ${root}/temp/gone\n\tpath = ${root}/temp/folder\n\tpath = ${root}/temp/big\n\tpath = ${root}/temp/link\n`,
  );
  await mkdir(join(root, 'temp', 'folder'));
  await writeFile(join(root, 'temp', 'big'), 'x'.repeat(1024 * 1024 + 1));
  await symlink('/dev/zero', join(root, 'temp', 'link'));
  expect((await read()).slice(1).map(({ text }) => text)).toEqual(['', '', '', '']);
  await rm(join(root, '.git'), { recursive: true });
  expect(await read()).toEqual([]);
});
