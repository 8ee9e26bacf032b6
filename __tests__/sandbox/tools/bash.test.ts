import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

test('a command that ran is no error, whatever its exit code; silence is called so', async () => {
  const failed = await bash('echo why; exit 2');
  expect(failed.isError).toBe(false);
  expect(failed.content).toMatch(/^exit code 2 .*\nwhy$/);
  expect((await bash('true')).content).toMatch(/\n\(no output\)$/);
});

test('a command that is not there is an error', async () => {
  const missing = await bash('no-such-command-here');
  expect(missing.isError).toBe(true);
  expect(missing.content).toMatch(/^exit code 127 /);
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

describe('output of tests that is too long to show', () => {
  const recorded = fileURLToPath(new URL('../../fixtures/runner-output/', import.meta.url));
  const noise = 'for i in $(seq 1 3000); do echo "noise $i"; done';

  test('begins with the failing tests and their errors, below the exit code', async () => {
    const { content } = await bash(`cat ${recorded}go-broken-verbose.txt; ${noise}; exit 1`);
    const [heading, ...rest] = content.split('\n');
    expect(heading).toMatch(/^exit code 1 /);
    expect(rest.slice(0, 4)).toEqual([
      '2 failed, 2 passed, 1 skipped',
      '',
      'FAILED example.com/sum TestNegative/keeps_the_sign',
      '  sum_test.go:14: got -3, want 3',
    ]);
    expect(content).toContain('[whole output: .ai/logs/1.txt; a part of it:]');
    expect(content).toMatch(/noise 3000$/);
    expect(content.length).toBeLessThanOrEqual(10_000 + 30);
  });

  test('spends at most 3,000 characters on them', async () => {
    const many =
      'for i in $(seq 1 300); do echo "FAILED test_a.py::test_$i - assert $(printf x%.0s $(seq 1 100))"; done';
    const { content } = await bash(`${many}; echo "300 failed in 1.00s"; exit 1`);
    const first = content.slice(0, content.indexOf('\n[whole output'));
    expect(first.length).toBeLessThanOrEqual(3_000 + 30);
    expect(first).toMatch(/\.\.\. and \d+ more failing$/);
  });

  test('begins with the counts when they passed, and stays as it is when it is short', async () => {
    expect((await bash(`cat ${recorded}pytest-pass.txt; ${noise}`)).content).toMatch(
      /^exit code 0 .*\n0 failed, \d+ passed.*\n\[whole output/,
    );
    expect((await bash(`cat ${recorded}go-broken-verbose.txt; exit 1`)).content).not.toContain('whole output');
  });

  test('tells of failing tests also where the chain went on after them', async () => {
    expect((await bash(`cat ${recorded}go-broken-verbose.txt; ${noise}`)).content).toMatch(/^exit code 0 .*\n2 failed/);
  });
});

describe('coverage tables', () => {
  const rule = `${'-'.repeat(12)}|---------|----------|${'-'.repeat(400)}`;
  const table = [
    rule,
    `File        | % Stmts | % Branch | Uncovered Line #s${' '.repeat(380)}`,
    rule,
    ...Array.from({ length: 20 }, (_, i) => ` part${String(i)}.js  |      50 |       40 | 1-9${' '.repeat(394)}`),
    rule,
  ];
  const summary = 'Tests:       87 passed, 87 total';
  const print = (before: string): string => {
    tree.put('out.txt', `${before}${[...table, summary].join('\n')}\nerror: unknown option --seed\n`);
    return 'cat out.txt; exit 1';
  };

  test('leave the room to what failed, and are read in the log', async () => {
    const { content } = await bash(print(''));
    expect(content.split('\n').slice(1)).toEqual([
      '[shortened; whole output: .ai/logs/1.txt]',
      '[coverage table, 24 lines]',
      summary,
      'error: unknown option --seed',
    ]);
    expect(readFileSync(join(tree.logDirectory, '1.txt'), 'utf8')).toContain(rule);
  });

  test('take no room of an output that is cut, whose first line does not deny its exit code', async () => {
    const { content } = await bash(print(`${'noise of the build\nand more\n'.repeat(600)}`));
    expect(content.split('\n')[1]).toBe(
      '87 passed and none failed in the one test run with a summary; something else failed',
    );
    expect(content).toContain('\n[coverage table, 24 lines]\n');
    expect(content).toMatch(/left out; all of it: \.ai\/logs\/1\.txt/);
  });
});

describe('a command in the background', () => {
  const background = (command: string) => tree.call('bash', { command, background: true });
  /** A process that was killed may wait for its parent to take notice. */
  const isAlive = (pid: string): boolean => {
    const path = `/proc/${pid}/stat`;
    return existsSync(path) && !/\) [ZX] /.test(readFileSync(path, 'latin1'));
  };

  test('goes on beside other commands, whatever they leave behind, and ends with the task', async () => {
    // The second process has neither the mark nor the session of the first: only its parent tells whose it is.
    const server = `echo $$ > pid; env -i setsid sleep 471${String(process.pid)} & echo $! > child; echo up; wait`;
    const started = await background(server);
    expect(started.isError).toBe(false);
    expect(started.content).toMatch(/^running after 2\.\d s; log: \.ai\/logs\/bg-1\.txt\nup$/);
    await bash('sleep 100 & true');
    await bash('sleep 30', 1);
    const pids = [tree.text('pid').trim(), tree.text('child').trim()];
    expect(pids.map(isAlive)).toEqual([true, true]);
    await tree.endCommands();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  test('keeps also what it starts while another command runs', async () => {
    // Such a child has neither the mark nor the session, and stands in the tree: only its parent tells whose it is.
    await background('while :; do env -i setsid sleep 0.2 || echo $? >> killed; date > beat; done');
    for (let times = 0; times < 5; times += 1) await bash('sleep 0.3');
    await bash('rm -f beat; while [ ! -e beat ]; do sleep 0.05; done');
    expect(existsSync(join(tree.root, 'killed'))).toBe(false);
  });

  test('writes to a log that can be read and searched while it runs', async () => {
    await background('echo first; while [ ! -e go ]; do sleep 0.05; done; echo second; sleep 60');
    await bash(
      'touch go; while ! grep -q second "$0"/bg-1.txt; do sleep 0.05; done'.replace('"$0"', tree.logDirectory),
    );
    const log = { path: '.ai/logs/bg-1.txt' };
    expect((await tree.call('read', { paths: [log] })).content).toBe(
      '.ai/logs/bg-1.txt, lines 1-2 of 2\n1\tfirst\n2\tsecond',
    );
    expect((await tree.call('search', { pattern: 'second', ...log })).content).toContain('2: second');
  });

  test('that ends at once is said to have, at once, and one that failed is an error', async () => {
    const failed = await background('echo no port; exit 3');
    expect(failed.isError).toBe(true);
    expect(failed.content).toMatch(/^ended after [01]\.\d s with exit code 3; log: .*\nno port$/);
    expect(await background('true')).toMatchObject({ isError: false });
  });

  test('may be one of four; one that ended makes room', async () => {
    const started = await Promise.all([1, 2, 3].map(() => background('sleep 60')));
    expect(started.map(({ isError }) => isError)).toEqual([false, false, false]);
    await background('true');
    expect(await background('sleep 60')).toMatchObject({ isError: false });
    const fifth = await background('sleep 60');
    expect(fifth.isError).toBe(true);
    expect(fifth.content).toContain('4 background commands run already');
  });

  test('keeps the newest of much output, and is killed when it floods', async () => {
    const numbers = await background('seq 1 1000000; echo last');
    expect(numbers.content).toMatch(/\nlast$/);
    const log = join(tree.logDirectory, 'bg-1.txt');
    expect(statSync(log).size).toBeLessThan(2.1 * 1024 * 1024);
    expect(readFileSync(log, 'utf8')).toMatch(/^\[older output was dropped\]\n/);
    await background('echo $$ > pid; yes');
    const pid = tree.text('pid').trim();
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readFileSync(join(tree.logDirectory, 'bg-2.txt'), 'utf8')).toMatch(
      /\[killed: more than 64 MiB of output\]\n/,
    );
  });
});
