import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestTree, type TestTree } from './test-tree.ts';

let tree: TestTree;
beforeEach(() => {
  tree = createTestTree();
});
afterEach(() => tree.remove());

const bash = (command: string, timeout_s?: number) => tree.call('bash', { command, timeout_s });

test('runs in the tree and says exit code and duration', async () => {
  const result = await bash('pwd; touch made');
  expect(result.isError).toBe(false);
  expect(result.content).toMatch(new RegExp(`^exit code 0 \\(\\d+\\.\\d s\\)\\n${tree.root}$`));
  expect(existsSync(join(tree.root, 'made'))).toBe(true);
});

test('a failure is an error with its output; silence is called so', async () => {
  expect(await bash('echo why; exit 2')).toMatchObject({ isError: true });
  expect((await bash('echo why; exit 2')).content).toMatch(/^exit code 2 .*\nwhy$/);
  expect((await bash('true')).content).toMatch(/\n\(no output\)$/);
});

test('a time limit is named and what was printed so far is shown', async () => {
  const result = await bash('echo begun; sleep 30', 1);
  expect(result.isError).toBe(true);
  expect(result.content).toMatch(/^killed at the time limit of 1 s, with all it started \(\d\.\d s\)\nbegun$/);
});

test('output of 10,000 characters is shown whole and leaves no log', async () => {
  const { content } = await bash('head -c 10000 /dev/zero | tr "\\0" x');
  expect(content.split('\n')[1]).toBe('x'.repeat(10_000));
  expect(existsSync(tree.logDirectory)).toBe(false);
});

test('longer output is cut in the middle once, and all of it is readable at the path named', async () => {
  const { content } = await bash('seq 1 5000');
  expect(content.length).toBeLessThanOrEqual(10_000 + 30);
  expect(content).toMatch(/^exit code 0 .*\n1\n2\n/);
  expect(content).toMatch(/\n4999\n5000$/);
  expect(content).toMatch(/\[\.\.\. \d+ lines \(\d+ characters\) left out; all of it: \.ai\/logs\/1\.txt \.\.\.\]/);
  expect(readFileSync(join(tree.logDirectory, '1.txt'), 'utf8').split('\n')).toHaveLength(5_001);
  const part = await tree.call('read', { paths: [{ path: '.ai/logs/1.txt', start: 2500, end: 2500 }] });
  expect(part.content).toBe('.ai/logs/1.txt, lines 2500-2500 of 5000\n2500\t2500');
  expect((await bash('seq 1 5000')).content).toContain('.ai/logs/2.txt');
  expect(readdirSync(tree.root)).toEqual([]);
});

test('a failure keeps less of the head than a success', async () => {
  const head = async (command: string) => (await bash(command)).content.split('\n[...')[0]?.length ?? 0;
  const [succeeded, failed] = [await head('seq 1 5000'), await head('seq 1 5000; exit 1')];
  expect(succeeded).toBeGreaterThan(2_800);
  expect(failed).toBeLessThan(2_100);
  expect(failed).toBeGreaterThan(1_800);
});

test('colours, progress bars and repeated lines are gone before anything is cut', async () => {
  const { content } = await bash(String.raw`printf '\033[32m1%%\r2%%\r100%%\n\033[0m'; yes same | head -n 4000`);
  expect(content).toMatch(/\n100%\nsame\n\[the line above came 3999 more times\]$/);
  expect(existsSync(tree.logDirectory)).toBe(false);
});

test('commands that cannot be run at all are refused in words', async () => {
  expect(await bash('a\0b')).toMatchObject({ isError: true });
  expect(await bash('')).toMatchObject({ isError: true });
  const tooLong = await bash(`: ${'x'.repeat(3_000_000)}`);
  expect(tooLong.isError).toBe(true);
  expect(tooLong.content).toContain('E2BIG');
});
