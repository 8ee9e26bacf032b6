import { describe, expect, test } from '@jest/globals';
import { failsAlike } from '../../src/verify/fails-alike.ts';
import { checkOf } from '../support/run-events.ts';

const failing = (outputTail: string, failures: readonly string[] = [], exitCode: number | null = 1) =>
  checkOf({ exitCode, failures: [...failures], outputTail });

describe('a command fails as it did', () => {
  test('when each test that fails failed then', () => {
    expect(failsAlike(failing('', ['a', 'b']), failing('', ['b']))).toBe(true);
    expect(failsAlike(failing('', ['a']), failing('', ['a', 'b']))).toBe(false);
  });

  test('when it names no test and says nothing new, whatever the numbers of its lines', () => {
    const before = failing("PASS a\nerror: unknown option '-x'\n  at Command.error (command.js:15:3)\n");
    expect(
      failsAlike(before, failing("error: unknown option '-x'\n  at Command.error (command.js:27:3)\nPASS a\n")),
    ).toBe(true);
    expect(failsAlike(before, failing("error: unknown option '-x'\nerror: no such file\n"))).toBe(false);
  });
});

test('a program whose modules are missing fails alike, whatever was changed', () => {
  const output = '/tree/.venv/bin/python: No module named pytest\n';
  expect(failsAlike(failing(output), failing(output))).toBe(true);
});

describe('nothing is believed', () => {
  test.each([
    ['of a command that passed', failing('', [], 0), failing('error')],
    ['of one that was killed', failing('error', [], null), failing('error', [], null)],
    ['where the exit codes differ', failing('error', [], 2), failing('error')],
    ['where nothing is said', failing('done'), failing('done')],
    ['where only the earlier one names tests', failing('error', ['a']), failing('error')],
  ])('%s', (_, before, after) => {
    expect(failsAlike(before, after)).toBe(false);
  });
});
