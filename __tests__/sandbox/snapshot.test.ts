import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRegularFile } from '../../src/sandbox/read-file.ts';
import { takeSnapshot } from '../../src/sandbox/snapshot.ts';
import { createTreeState } from '../../src/sandbox/tree-state.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'snapshot-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a device is refused, and not read', () => {
  // Only root makes devices, and not everywhere.
  if (spawnSync('mknod', [join(root, 'zero'), 'c', '1', '5']).status !== 0) return;
  const { changed, refused } = takeSnapshot(createTreeState(root));
  expect(changed).toEqual([]);
  expect(refused).toEqual([{ path: 'zero', reason: expect.stringContaining('neither a file') }]);
});

test('a file is not read through a directory that became a link', () => {
  mkdirSync(join(root, 'outside'));
  writeFileSync(join(root, 'outside', 'f'), 'secret');
  mkdirSync(join(root, 'dir'));
  writeFileSync(join(root, 'dir', 'f'), 'own');
  expect(readRegularFile(join(root, 'dir', 'f'), 100)?.bytes.toString()).toBe('own');
  renameSync(join(root, 'dir'), join(root, 'was'));
  symlinkSync('outside', join(root, 'dir'));
  expect(readRegularFile(join(root, 'dir', 'f'), 100)).toBeNull();
});

test('of two new names that only case tells apart the first is taken', () => {
  writeFileSync(join(root, 'A'), 'a');
  writeFileSync(join(root, 'a'), 'a');
  const { changed, refused } = takeSnapshot(createTreeState(root));
  expect(changed.map(({ path }) => path)).toEqual(['A']);
  expect(refused).toEqual([{ path: 'a', reason: expect.stringContaining('only case') }]);
});

test('no more of a file is read than is allowed', () => {
  writeFileSync(join(root, 'f'), 'x'.repeat(101));
  expect(readRegularFile(join(root, 'f'), 100)).toBeNull();
  expect(readRegularFile(join(root, 'f'), 101)?.bytes.length).toBe(101);
});
