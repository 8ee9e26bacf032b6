import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readManifestFile, sha256, sha256OfFile } from '../../src/adapters/result-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'result-files-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a plain file is read whole', async () => {
  const path = join(directory, 'manifest.json');
  await writeFile(path, '{"a":1}');
  expect((await readManifestFile(path)).toString()).toBe('{"a":1}');
  expect(await sha256OfFile(path)).toBe(sha256('{"a":1}'));
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('a link, a folder, a file that is too large and one that is not there are refused by their names', async () => {
  const at = (name: string): string => join(directory, name);
  await writeFile(at('target'), 'x');
  await symlink(at('target'), at('link'));
  await mkdir(at('folder'));
  await writeFile(at('large'), '');
  await truncate(at('large'), 9 * 1024 * 1024);
  for (const name of ['link', 'folder', 'large', 'none']) {
    const refused = { code: 'handover-refused', message: expect.stringContaining(name) };
    await expect(readManifestFile(at(name))).rejects.toMatchObject(refused);
  }
});
