import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { failingFirst } from '../../../src/sandbox/test-output/failing-first.ts';

const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/runner-output/${name}.txt`, import.meta.url), 'utf8');

test('a log of a known runner becomes its failing tests with their errors', () => {
  expect(failingFirst(recorded('go-broken-verbose'))).toBe(
    [
      '2 failed, 2 passed, 1 skipped',
      '',
      'FAILED example.com/sum TestNegative/keeps_the_sign',
      '  sum_test.go:14: got -3, want 3',
      '',
      'FAILED example.com/sum/text (could not run)',
      '  text/text.go:3:28: cannot use "no" (untyped string constant) as int value in return statement',
    ].join('\n'),
  );
});

test('what does not fit is counted', () => {
  const many = Array.from({ length: 100 }, (_, index) => `FAILED test_a.py::test_${index} - assert ${'x'.repeat(200)}`);
  const text = failingFirst(`${many.join('\n')}\n100 failed in 1.00s\n`);
  expect(text.length).toBeLessThanOrEqual(3_000);
  const shown = text.match(/^FAILED /gm)?.length ?? 0;
  expect(shown).toBeGreaterThan(5);
  expect(text).toContain(`... and ${100 - shown} more failing`);
});

test('an unknown log is cut to its end, from the start of a line', () => {
  const text = failingFirst(Array.from({ length: 1_000 }, (_, index) => `line ${index}`).join('\n'), 100);
  expect(text.length).toBeLessThanOrEqual(100);
  expect(text.startsWith('line ')).toBe(true);
  expect(text.endsWith('line 999')).toBe(true);
});
