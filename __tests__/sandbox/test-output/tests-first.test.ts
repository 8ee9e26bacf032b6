import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseResults } from '../../../src/sandbox/test-output/parse-results.ts';
import { testsFirst } from '../../../src/sandbox/test-output/tests-first.ts';

const folder = new URL('../../fixtures/runner-output/', import.meta.url);
const recordings = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test.each(recordings)('%s is known by its summary, and begins with its counts', (name) => {
  const output = readFileSync(new URL(name, folder), 'utf8');
  const shape = /^\d+ failed(, \d+ passed)?(, \d+ skipped)?(\n\nFAILED |$)/;
  // Of tests that cargo could not even build, there are no counts.
  if (parseResults(output) === null) expect(testsFirst(output)).toBeNull();
  else expect(testsFirst(output)).toMatch(shape);
});

test('an output of no tests has nothing to say first', () => {
  expect(testsFirst('1\n2\n3\n')).toBeNull();
  expect(testsFirst('the build failed\n')).toBeNull();
});
