import { describe, expect, test } from '@jest/globals';
import { resultChecksText } from '../../src/plan/review-checks.ts';
import type { Check } from '../../src/types.ts';
import { toCheck } from '../../src/verify/run-checks.ts';
import { brokenBy } from '../../src/verify/compare.ts';
import { uncountedCheck } from '../support/run-events.ts';

/** `npm test` as jest ends it when these tests fail, and 20 pass. */
function jest(...failing: readonly string[]): Check {
  const blocks = failing.map(
    (name) => `  ● ${name}\n\n    expect(received).toBe(expected)\n\n    Expected: ${name} right\n`,
  );
  const total = `Tests:       ${failing.length === 0 ? '' : `${failing.length} failed, `}20 passed, ${failing.length + 20} total`;
  const output = `${failing.length === 0 ? 'PASS' : 'FAIL'} a.test.js\n${blocks.join('\n')}\n${total}\nTime:        1 s\n`;
  const exitCode = failing.length === 0 ? 0 : 1;
  return toCheck({ name: 'test', command: 'npm test' }, { exitCode, timedOut: false, durationMs: 5, output }, null);
}

const textOf = (before: readonly Check[], checks: readonly Check[]): string =>
  resultChecksText({ checks, checksBefore: before, broken: brokenBy(before, checks) });

describe('tests that failed before the change', () => {
  test('are counted, not shown, when the same ones fail after it', () => {
    expect(textOf([jest('red', 'blue')], [jest('red', 'blue')])).toBe(
      '- `npm test` fails, exit code 1 (20 passed, 2 failed); the same 2 as before the change',
    );
    expect(textOf([jest('red', 'blue')], [jest('blue')])).toBe(
      '- `npm test` fails, exit code 1 (20 passed, 1 failed); all of them among the 2 before the change',
    );
  });

  test('leave the room to those that are new', () => {
    const text = textOf([jest('red', 'blue')], [jest('red', 'green', 'blue')]);
    expect(text.split('\n').slice(0, 2)).toEqual([
      '- `npm test` fails, exit code 1 (20 passed, 3 failed); 1 of these did not fail before the change: a.test.js › green',
      'FAILED a.test.js › green',
    ]);
    expect(text).toContain('Expected: green right');
    expect(text).not.toContain('red');
  });
});

test('a check that passed before shows each failing test with its error', () => {
  const text = textOf([jest()], [jest('red', 'blue')]);
  expect(text).toMatch(/^- `npm test` fails, exit code 1 \(20 passed, 2 failed\)\nFAILED a\.test\.js › red\n/);
  expect(text).toContain('Expected: blue right');
});

test('a new failure that the output does not tell of is looked for at its end', () => {
  const [before, after] = [jest('red'), { ...jest('red', 'blue'), outputTail: 'the end of it' }];
  expect(textOf([before], [after])).toMatch(/: a\.test\.js › blue\nthe end of it$/);
});

describe('a check that names no tests', () => {
  const lint = (outputTail: string, exitCode: number | null = 1): Check => ({
    ...uncountedCheck('lint', exitCode),
    outputTail,
  });

  test('shows its output unless it is the same, but for numbers', () => {
    expect(textOf([lint('a.js:3: no-var')], [lint('a.js:14: no-var')])).toBe(
      '- `npm run lint` fails, exit code 1; it failed before the change too, with the same output but for numbers',
    );
    expect(textOf([lint('a.js:3: no-var')], [lint('a.js:3: no-eval')])).toBe(
      '- `npm run lint` fails, exit code 1; it failed before the change too\na.js:3: no-eval',
    );
    expect(textOf([lint('', 0)], [lint('a.js:3: no-var')])).toBe('- `npm run lint` fails, exit code 1\na.js:3: no-var');
  });

  test('is not taken for the same when tests were named before', () => {
    const killed = { ...uncountedCheck('test', null), command: 'npm test', outputTail: 'Killed.' };
    expect(textOf([jest('red')], [killed])).toBe(
      '- `npm test` fails, exit code none (time limit); it failed before the change in another way\nKilled.',
    );
  });
});

test('no failing test beside a failing command is told as that', () => {
  const check: Check = { ...jest(), exitCode: 2, outputTail: 'error TS1005' };
  expect(textOf([], [check, jest()])).toBe(
    [
      '- `npm test` fails, exit code 2 (20 tests passed and none failed: something else did)',
      'error TS1005',
      '- `npm test` passes (20 passed, 0 failed)',
    ].join('\n'),
  );
  expect(textOf([], [])).toBe('(none)');
});
