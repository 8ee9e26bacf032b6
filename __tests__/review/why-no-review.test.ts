import { expect, test } from '@jest/globals';
import { whyNoReview, type ReviewFacts } from '../../src/review/why-no-review.ts';
import { checkOf, fileOf } from '../support/run-events.ts';

const facts = (over: Partial<ReviewFacts> = {}): ReviewFacts => ({
  mode: 'auto',
  changedFiles: [fileOf('src/a.ts', { addedLines: 10, deletedLines: 6 })],
  checks: [checkOf()],
  stopReason: null,
  ...over,
});
const small = [fileOf('src/a.ts', { addedLines: 10, deletedLines: 5 })];

test.each([
  ['16 changed lines', facts()],
  ['a small change that no check judged', facts({ changedFiles: small, checks: [] })],
  [
    'a small change with a failing check',
    facts({ changedFiles: small, checks: [checkOf(), checkOf({ name: 'lint', exitCode: 1 })] }),
  ],
  ['a small change, always', facts({ mode: 'always', changedFiles: small })],
])('%s: reviewed', (_, given) => expect(whyNoReview(given)).toBeNull());

test.each([
  ['15 changed lines with passing checks', facts({ changedFiles: small }), 'the change is small and its checks pass'],
  ['nothing integrated', facts({ mode: 'always', changedFiles: [] }), 'nothing was integrated'],
  ['reviews turned off', facts({ mode: 'off' }), 'it is turned off'],
  ['a run that is to stop', facts({ mode: 'always', stopReason: 'the run was stopped' }), 'the run was stopped'],
])('%s: not reviewed', (_, given, why) => expect(whyNoReview(given)).toBe(why));
