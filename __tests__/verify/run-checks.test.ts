import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { CommandResult, CommandSpec } from '../../src/ports.ts';
import { runChecks, toCheck } from '../../src/verify/run-checks.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../fixtures/runner-output/${name}.txt`, import.meta.url), 'utf8');

const run = (spec: CommandSpec): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile('sh', ['-c', `${spec.command} 2>&1`], (error, output) => {
      const exitCode = typeof error?.code === 'number' ? error.code : 0;
      resolve({ exitCode, timedOut: false, durationMs: 5, output });
    });
  });

const ended = (exitCode: number | null, output: string): CommandResult => ({
  exitCode,
  timedOut: exitCode === null,
  durationMs: 60_000,
  output,
});
const spec = { name: 'test', command: 'npm test' };

test('every check runs, also after one that fails, and its whole output is kept', async () => {
  const logs = new Map<string, string>();
  const checks = await runChecks(
    [
      { name: 'lint', command: 'echo bad; exit 3' },
      { name: 'test', command: 'echo good' },
    ],
    {
      run,
      timeoutMs: 10_000,
      saveLog: async (name, text) => {
        logs.set(name, text);
        return `logs/${name}.txt`;
      },
    },
  );
  expect(checks.map((check) => [check.name, check.exitCode, check.outputTail, check.logPath])).toEqual([
    ['lint', 3, 'bad', 'logs/lint.txt'],
    ['test', 0, 'good', 'logs/test.txt'],
  ]);
  expect([...logs]).toEqual([
    ['lint', 'bad\n'],
    ['test', 'good\n'],
  ]);
});

test('counts and failing tests come from the output of a known runner', () => {
  const check = toCheck(spec, ended(1, recorded('jest')), null);
  expect(check).toMatchObject({ passed: 3, failed: 2, skipped: 2 });
  expect(check.failures).toHaveLength(2);
});

test('an unknown runner leaves only the exit code', () => {
  const check = toCheck(spec, ended(1, 'it broke'), null);
  expect(check).not.toHaveProperty('passed');
  expect(check).toMatchObject({ exitCode: 1, failures: [], outputTail: 'it broke' });
});

test('output that contradicts a success is not believed', () => {
  const check = toCheck(spec, ended(0, recorded('jest')), null);
  expect(check).not.toHaveProperty('failed');
  expect(check.failures).toEqual([]);
});

test('a killed command says so first and has no counts', () => {
  const check = toCheck(spec, ended(null, recorded('jest-pass')), null);
  expect(check).not.toHaveProperty('passed');
  expect(check.outputTail).toMatch(/^Killed at its time limit after 60 s\.\n/);
});

test('the tail of a long log starts with what fails and ends with the end, in 4,000 characters', () => {
  const output = `${recorded('jest')}\n${'noise\n'.repeat(5_000)}the end\n`;
  const { outputTail } = toCheck(spec, ended(1, output), null);
  expect(outputTail.length).toBeLessThanOrEqual(4_000);
  expect(outputTail.startsWith('2 failed, 3 passed, 2 skipped\n\nFAILED sum.test.js › sum › refuses words')).toBe(true);
  expect(outputTail.endsWith('the end')).toBe(true);
});

test('the end of the output has room for what failed, not for a coverage table', () => {
  const rule = `${'-'.repeat(12)}|---------|----------|${'-'.repeat(80)}`;
  const rows = Array.from({ length: 60 }, (_, i) => ` part${i}.js  |      50 |       40 | 1-9`);
  const table = [rule, 'File        | % Stmts | % Branch | Uncovered Line #s', rule, ...rows, rule];
  const output = `TypeError: list is not iterable\n${table.join('\n')}\nTest run ended\n`;
  expect(toCheck(spec, ended(1, output), null).outputTail).toBe(
    'TypeError: list is not iterable\n[coverage table, 64 lines]\nTest run ended',
  );
});
