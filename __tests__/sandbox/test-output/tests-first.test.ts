import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseResults } from '../../../src/sandbox/test-output/parse-results.ts';
import { testsFirst } from '../../../src/sandbox/test-output/tests-first.ts';

const folder = new URL('../../fixtures/runner-output/', import.meta.url);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.each(recordings)('%s is known by its summary, and begins with its counts', (name) => {
  const output = readFileSync(new URL(name, folder), 'utf8');
  const shape = /^\d+ failed(, \d+ passed)?(, \d+ skipped)?( in \d runs)?(\n\nFAILED |$)/;
  // Of tests that cargo could not even build, there are no counts.
  if (parseResults(output) === null) expect(testsFirst(output, 0)).toBeNull();
  else expect(testsFirst(output, 0)).toMatch(shape);
});

test('an output of no tests has nothing to say first', () => {
  expect(testsFirst('1\n2\n3\n', 1)).toBeNull();
  expect(testsFirst('the build failed\n', 1)).toBeNull();
});

describe('a command that fails although no test does', () => {
  const jest = (passed: number): string =>
    `PASS tests/a.test.js\n\nTests:       ${passed} passed, ${passed} total\nTime:        1.2 s\n`;

  test('is not told as one without failures', () => {
    expect(testsFirst(`${jest(87)}PASS tests/b.test.js\nerror: unknown option '--seed'\n`, 1)).toBe(
      '87 passed and none failed in the one test run with a summary; something else failed',
    );
    expect(testsFirst(`${jest(87)}src/a.ts:3:1 - error TS1005: ';' expected.\n`, 0)).toBe('0 failed, 87 passed');
  });

  test('may have been killed, and then nothing else need have failed', () => {
    expect(testsFirst(jest(87), null)).toBe('87 passed and none failed in the one test run with a summary');
  });

  test('counts the runs of one chain together, and says so', () => {
    const pytest = '======== 1 failed, 3 passed in 0.10s ========\n';
    expect(testsFirst(`${jest(87)}${jest(3)}  4 passing (12ms)\n`, 2)).toBe(
      '94 passed and none failed in the 3 test runs with a summary; something else failed',
    );
    expect(testsFirst(jest(87) + pytest, 1)).toBe('1 failed, 90 passed in 2 runs');
  });
});
