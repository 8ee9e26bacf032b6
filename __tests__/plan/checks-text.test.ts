import { expect, test } from '@jest/globals';
import { checksText, type ChecksFacts } from '../../src/plan/checks-text.ts';
import { checkOf } from '../support/run-events.ts';

const said = (more: Partial<ChecksFacts>) =>
  checksText({
    checks: [
      { name: 'test', command: 'bun run test' },
      { name: 'lint', command: 'bun run lint' },
    ],
    baseline: null,
    scripts: {},
    devPackages: [],
    ...more,
  });
const gone = (outputTail: string, exitCode = 127) =>
  checkOf({ name: 'test', command: 'bun run test', exitCode, outputTail });

test('a check that is part of another is said to be', () => {
  expect(said({ scripts: { test: 'bun run lint && vitest', lint: 'eslint src' } })).toContain('lint` (part of test)');
  expect(said({ scripts: { test: 'eslint src && vitest', lint: 'eslint src' } })).toContain('lint` (part of test)');
  expect(said({ scripts: { test: 'vitest', lint: 'eslint src' } })).not.toContain('part of');
});

test('a check whose program is missing judges nothing, and what may be run instead is said', () => {
  const text = said({ baseline: [gone('sh: 1: bun: not found')], devPackages: ['left-pad', 'vitest', 'typescript'] });
  expect(text).toContain('test` cannot be run here: `bun` not found (exit code 127); it judges nothing');
  expect(text).toContain('which run by `npx`: vitest, tsc');
  expect(text).not.toContain('FAILS');
  expect(said({ baseline: [gone('bash: line 1: bun: command not found')] })).toContain('`bun` not found');
  expect(said({ baseline: [gone('', 126)] })).toContain('may not be executed (exit code 126)');
  expect(said({ baseline: [gone('1 failed', 1)], devPackages: ['vitest'] })).not.toContain('npx');
});
