// Reads counts and failing tests from the plain output of the test runners we know.
import { readCargoTest } from './runners/cargo-test.ts';
import { readGoTest } from './runners/go-test.ts';
import { readJest } from './runners/jest.ts';
import { readMocha } from './runners/mocha.ts';
import { readNodeSpec } from './runners/node-spec.ts';
import { readNodeTap } from './runners/node-tap.ts';
import { readPytest } from './runners/pytest.ts';
import { readVitest } from './runners/vitest.ts';
import { splitOutput } from './split-output.ts';
import type { Section } from './split-output.ts';
import { addResults } from './test-results.ts';
import type { Runner, TestResults } from './test-results.ts';

const runners: readonly Runner[] = [
  readJest,
  readVitest,
  readMocha,
  readNodeSpec,
  readNodeTap,
  readPytest,
  readGoTest,
  readCargoTest,
];

/**
 * Results of all runs found in one output, added up (a workspace runs its packages' tests one after another or at
 * once); null when no known runner's summary is in it. The output is text of untrusted programs: whoever uses this
 * holds it against the exit code.
 */
export function parseResults(output: string): TestResults | null {
  const found = splitOutput(output).flatMap(readSection);
  const [first, ...rest] = found;
  return first === undefined ? null : rest.reduce(addResults, first);
}

function readSection({ label, lines }: Section): readonly TestResults[] {
  return runners.flatMap((read) => {
    const results = read(lines);
    if (results === null) return [];
    if (label === '') return [results];
    return [{ ...results, failures: results.failures.map((item) => ({ ...item, name: `${label}: ${item.name}` })) }];
  });
}
