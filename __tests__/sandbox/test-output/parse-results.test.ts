// Each fixture is the recorded output of a real runner on a suite whose results are known.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseResults } from '../../../src/sandbox/test-output/parse-results.ts';

const folder = new URL('../../fixtures/runner-output/', import.meta.url);
const recorded = (name: string): string => readFileSync(new URL(`${name}.txt`, folder), 'utf8');

/** Truth: [passed, failed, skipped, names of what fails]. */
type Truth = readonly [number | null, number | null, number | null, readonly string[]];

const sumFails = ['sum › refuses words', 'sum › of negative numbers › keeps the sign'];
const inFile = (names: readonly string[]): readonly string[] => names.map((name) => `sum.test.js › ${name}`);
const nodeFails = [...sumFails, 'trims ends › right # hash'];
const nodeBroken = ['test/broken.test.mjs (could not run)', ...nodeFails];
const mochaFails = [...sumFails, 'hooks › "before all" hook for "never runs"'];
const pytestFails = [
  'test_sum.py::test_refuses_words',
  'test_sum.py::TestNegative::test_keeps_the_sign',
  'test_sum.py::test_one_word[c - d]',
  'test_db.py::test_reads',
];
const goFail = 'example.com/sum TestNegative/keeps_the_sign';
const cargoFail = 'cargo_sum tests::keeps_the_sign';

const truths: Readonly<Record<string, Truth | null>> = {
  jest: [3, 2, 2, inFile(sumFails)],
  'jest-verbose': [3, 2, 2, inFile(sumFails)],
  'jest-colour': [3, 2, 2, inFile(sumFails)],
  'jest-pass': [2, 0, 0, []],
  'jest-broken': [2, 1, 0, ['broken.test.js (could not run)']],
  vitest: [3, 2, 2, inFile(sumFails)],
  'vitest-verbose': [3, 2, 2, inFile(sumFails)],
  'vitest-colour': [3, 2, 2, inFile(sumFails)],
  'vitest-pass': [2, 0, 0, []],
  'vitest-broken': [2, 1, 0, ['broken.test.js (could not run)']],
  mocha: [3, 3, 2, mochaFails],
  'mocha-dot': [3, 3, 2, mochaFails],
  'mocha-pass': [2, 0, 0, []],
  'node20-spec': [3, 4, 2, nodeFails],
  'node20-spec-pass': [2, 0, 0, []],
  'node20-spec-broken': [3, 5, 2, nodeBroken],
  'node20-tap': [3, 4, 2, nodeFails],
  'node20-tap-pass': [2, 0, 0, []],
  'node20-tap-broken': [3, 5, 2, nodeBroken],
  'node24-spec': [3, 4, 2, nodeFails],
  'node24-spec-pass': [2, 0, 0, []],
  'node24-spec-broken': [3, 5, 2, nodeBroken],
  'node24-tap': [3, 4, 2, nodeFails],
  'node24-tap-pass': [2, 0, 0, []],
  'node24-tap-broken': [3, 5, 2, nodeBroken],
  pytest: [2, 4, 2, pytestFails],
  'pytest-quiet': [2, 4, 2, pytestFails],
  'pytest-verbose': [2, 4, 2, pytestFails],
  'pytest-pass': [2, 0, 0, []],
  'pytest-broken': [0, 1, 0, ['test_broken.py (could not run)']],
  'go-sum': [null, 1, null, [goFail]],
  'go-sum-verbose': [3, 1, 1, [goFail]],
  'go-broken': [null, 2, null, [goFail, 'example.com/sum/text (could not run)']],
  'go-broken-verbose': [2, 2, 1, [goFail, 'example.com/sum/text (could not run)']],
  cargo: [1, 1, 1, [cargoFail]],
  'cargo-no-fail-fast': [3, 2, 1, [cargoFail, 'api never_panics']],
  'cargo-broken': null,
  workspaces: [7, 2, 2, inFile(sumFails)],
  'pnpm-recursive': [7, 2, 2, inFile(sumFails).map((name) => `packages/a: ${name}`)],
};

describe('recorded output of real runners', () => {
  test('every recording has its truth', () => {
    const names = readdirSync(folder).map((file) => file.replace('.txt', ''));
    expect(names.sort()).toEqual(Object.keys(truths).sort());
  });

  test.each(Object.entries(truths))('%s is read as it was', (name, truth) => {
    const results = parseResults(recorded(name));
    const names = results?.failures.map((failure) => failure.name) ?? [];
    expect(results && [results.passed, results.failed, results.skipped, names]).toEqual(truth);
  });

  test('each failing test comes with its own error', () => {
    const errors = (name: string) =>
      parseResults(recorded(name))?.failures.map((failure) => failure.error.split('\n')[0]);
    expect(errors('mocha')).toEqual([
      "AssertionError [ERR_ASSERTION]: 'string' == 'number'",
      'AssertionError [ERR_ASSERTION]: -3 == 3',
      'Error: no database',
    ]);
    expect(errors('node20-tap')).toEqual(["'string' == 'number'", '-3 == 3', "'a' == 'b'"]);
    expect(errors('go-broken')).toEqual([
      'sum_test.go:14: got -3, want 3',
      'text/text.go:3:28: cannot use "no" (untyped string constant) as int value in return statement',
    ]);
    expect(errors('pytest-broken')).toEqual(["ModuleNotFoundError: No module named 'nowhere'"]);
    expect(errors('cargo')).toEqual(['panicked at src/lib.rs:12:35:']);
  });
});

describe('output that is not a result', () => {
  test.each([
    ['nothing', ''],
    ['words that sound like one', 'Tests: 3 passed\n3 passing\nall 5 tests passed in 2 s\n# pass 99'],
    ['a summary that a test printed, indented by jest', '    Tests:       9 passed, 9 total'],
    ['a block of node:test with a line missing', 'ℹ tests 2\nℹ pass 2\nℹ fail 0'],
  ])('%s gives null', (_, output) => {
    expect(parseResults(output)).toBeNull();
  });

  test('a megabyte made to be slow is read in a moment', () => {
    const lines = [`FAILED a${'['.repeat(900)}`, `FAIL ${' x.j'.repeat(200)}`, '✖ a (1ms)', '--- FAIL: A/b (0.00s)'];
    const output = `${lines.join('\n').repeat(400)}\n1 failed in 0.1s\nok  \tp\t0.1s\n`;
    const start = performance.now();
    parseResults(output);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
