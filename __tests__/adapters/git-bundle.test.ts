import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importPack, readBundle, writeBundle } from '../../src/adapters/git-bundle.ts';
import { openSource } from '../../src/adapters/git-source.ts';
import { createGitStore, type GitStore } from '../../src/adapters/git-store.ts';
import { clock, makeBed, type Bed } from './git-bed.ts';

let bed: Bed;
/** Another machine's store on a clone of the same repository. */
let other: GitStore;
let path: string;
let commit: string;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'one\n'.repeat(500) });
  const source = await openSource(bed.checkout);
  const remote = { kind: 'local', gitDir: source.gitDir, has: [] } as const;
  other = createGitStore({ directory: join(bed.directory, 'other'), source, remote, clock, prefix: () => 'ai' });
  path = join(bed.directory, 'deep', 'result.bundle');
  const tree = await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content: `${'one\n'.repeat(500)}two\n` }]);
  commit = await bed.store.commit(tree, [bed.base], 'two');
  await bed.store.setBranch('ai/one', commit);
  await bed.store.setBranch('ai/two', commit);
});
afterEach(async () => {
  other.close();
  await bed.close();
});

const written = async (): Promise<Buffer> => {
  await writeBundle(bed.store.storePath, path, { base: bed.base, branches: ['ai/one', 'ai/two'] });
  return readFile(path);
};

test('a bundle brings branches and their commits to another store, on top of what is there', async () => {
  const { prerequisites, refs, pack } = readBundle(await written(), 'sha1');
  expect(prerequisites).toEqual([bed.base]);
  expect(refs).toEqual([
    { ref: 'refs/heads/ai/one', commit },
    { ref: 'refs/heads/ai/two', commit },
  ]);
  await expect(other.readObject(commit)).rejects.toMatchObject({ code: 'repository-incomplete' });
  await importPack(other.storePath, pack);
  expect(await other.readFile(commit, 'a.txt')).toMatch(/one\ntwo\n$/);
});

describe('refused', () => {
  const refused = { code: 'handover-refused' };
  const read = (text: string) => () => readBundle(Buffer.from(text), 'sha1');
  const id = 'a'.repeat(40);

  test.each([
    ['what is no bundle', 'hello\n\n', /is none/],
    ['one that leaves objects out', `# v3 git bundle\n@filter=blob:none\n${id} refs/heads/a\n\n`, /of another kind/],
    ['hashes of another kind', `# v3 git bundle\n@object-format=sha256\n${id} refs/heads/a\n\n`, /of another kind/],
    ['a header without an end', `# v2 git bundle\n${id} refs/heads/a\n`, /no end/],
    ['a ref without a name', `# v2 git bundle\n${id}\n\n`, /not readable/],
    ['a short id', `# v2 git bundle\n${'a'.repeat(39)} refs/heads/a\n\n`, /not readable/],
  ])('%s', (_, text, why) => {
    expect(read(text)).toThrow(why);
    expect(read(text)).toThrow(expect.objectContaining(refused));
  });

  test('a pack that was cut off, and nothing of it is there then', async () => {
    const { pack } = readBundle(await written(), 'sha1');
    await expect(importPack(other.storePath, pack.subarray(0, pack.length - 30))).rejects.toMatchObject(refused);
    await expect(other.readObject(commit)).rejects.toMatchObject({ code: 'repository-incomplete' });
  });
});
