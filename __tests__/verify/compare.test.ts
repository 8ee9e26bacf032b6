import { describe, expect, test } from '@jest/globals';
import type { Check } from '../../src/types.ts';
import { brokenBy, compareChecks } from '../../src/verify/compare.ts';

function check(name: string, exitCode: number | null, more: Partial<Check> = {}): Check {
  return {
    name,
    command: `run ${name}`,
    exitCode,
    durationMs: 1,
    failures: [],
    outputTail: '',
    logPath: null,
    ...more,
  };
}
const tests = (passed: number, failures: readonly string[]): Check =>
  check('test', failures.length === 0 ? 0 : 1, { passed, failed: failures.length, skipped: 0, failures });

describe('compareChecks', () => {
  test('tells tests apart by name when both sides name them', () => {
    const result = compareChecks([tests(8, ['a', 'b'])], [tests(8, ['b', 'c'])]);
    expect(result).toMatchObject({ fixed: ['a'], introduced: ['c'], preexisting: ['b'], weakened: [] });
  });

  test('goes by the check where names are not known', () => {
    const before = [check('lint', 1), check('build', 0), check('types', 2)];
    const after = [check('lint', 0), check('build', null), check('types', 2)];
    expect(compareChecks(before, after)).toMatchObject({
      fixed: ['lint'],
      introduced: ['build'],
      preexisting: ['types'],
    });
  });

  test('names failing tests of a check that passed before', () => {
    expect(compareChecks([tests(2, [])], [tests(1, ['b'])]).introduced).toEqual(['b']);
  });

  test('does not call a test fixed that was deleted or skipped', () => {
    const result = compareChecks([tests(8, ['a'])], [tests(8, [])], ['a.test.js: "a" was removed']);
    expect(result.fixed).toEqual([]);
    expect(result.weakened).toEqual(['a.test.js: "a" was removed', 'a: failed on the base and was not seen to pass']);
  });

  test('does not call a test fixed whose file can no longer be loaded', () => {
    const result = compareChecks([tests(0, ['a.test.js › a'])], [tests(0, ['a.test.js (could not run)'])]);
    expect(result).toMatchObject({ fixed: [], introduced: ['a.test.js (could not run)'], preexisting: [] });
  });

  test('does not call a check fixed that did not run again', () => {
    const result = compareChecks([check('lint', 1)], []);
    expect(result).toMatchObject({ fixed: [], preexisting: [], introduced: [] });
    expect(result.weakened).toEqual(['lint: failed on the base and was not seen to pass']);
  });

  test('a build that breaks is new, though tests failed before', () => {
    const result = compareChecks([tests(8, ['a'])], [check('test', 2)]);
    expect(result).toMatchObject({ fixed: [], introduced: ['test'], preexisting: [] });
  });

  test('all tests fixed while the check fails for another reason (coverage, say)', () => {
    const result = compareChecks([tests(8, ['a'])], [check('test', 1, { passed: 9, failed: 0, skipped: 0 })]);
    expect(result).toMatchObject({ fixed: ['a'], introduced: ['test'], preexisting: [] });
  });

  test('does not trust a list that names fewer tests than failed', () => {
    const partly = (failed: number) => check('test', 1, { passed: 1, failed, failures: ['a'] });
    expect(compareChecks([partly(3)], [partly(3)]).preexisting).toEqual(['test']);
    expect(compareChecks([partly(3)], [partly(4)]).introduced).toEqual(['test']);
  });

  test('a failing check that the base did not have is new', () => {
    expect(compareChecks([], [check('lint', 1), check('test', 0)]).introduced).toEqual(['lint']);
  });
});

describe('brokenBy', () => {
  test('names checks that newly fail, with the tests that do', () => {
    const broken = brokenBy([tests(8, ['a']), check('lint', 0)], [tests(7, ['a', 'b']), check('lint', 1)]);
    expect(broken.map(({ check: { name }, failures }) => [name, failures])).toEqual([
      ['test', ['b']],
      ['lint', []],
    ]);
  });

  test('is empty when all that fails failed before', () => {
    expect(brokenBy([tests(8, ['a', 'b']), check('lint', 1)], [tests(9, ['a']), check('lint', 1)])).toEqual([]);
  });
});
