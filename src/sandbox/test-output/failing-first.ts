// What an agent (or a person) must see first of a long test log: the failing tests, each with its first error.
import { parseResults } from './parse-results.ts';
import type { Failure, TestResults } from './test-results.ts';

/**
 * Failing tests and the first error of each, at most `maxChars`; how many are left out is said. Where the runner is
 * not known, or names no failing test, the end of the output.
 */
export function failingFirst(output: string, maxChars = 3_000): string {
  const results = parseResults(output);
  return results === null || results.failures.length === 0
    ? lastPart(output, maxChars)
    : describeFailures(results, maxChars);
}

/** The last part of a text, from the start of a line where that loses less than a quarter. */
export function lastPart(text: string, maxChars: number): string {
  const plain = text.trimEnd();
  if (plain.length <= maxChars) return plain;
  const tail = plain.slice(-maxChars);
  const lineStart = tail.indexOf('\n') + 1;
  return tail.slice(lineStart < maxChars / 4 ? lineStart : 0);
}

/** Counts, then each failing test with its first error; how many are left out is said. */
export function describeFailures(results: TestResults, maxChars: number): string {
  // Room for the line that counts what is left out.
  const room = maxChars - 40;
  let text = headline(results);
  for (const [index, item] of results.failures.entries()) {
    const next = `${text}\n\n${describe(item)}`;
    const left = results.failures.length - index;
    if (next.length > room) return `${text.slice(0, room)}\n\n... and ${left} more failing`;
    text = next;
  }
  return text;
}

/** Of a text that `describeFailures` begins, what it says of each of these tests; nothing of those it does not tell of. */
export function pickFailures(described: string, names: readonly string[]): readonly string[] {
  const wanted = new Set(names.map((name) => `FAILED ${name}`));
  return described.split('\n\n').filter((block) => wanted.has(block.split('\n', 1)[0] ?? ''));
}

/** `2 failed, 5 passed, 1 skipped`, as far as the runner says; `in 2 runs` behind it where several were added up. */
export function headline({ runs, passed, failed, skipped, failures }: TestResults): string {
  const counts = [
    `${failed ?? failures.length} failed`,
    ...(passed === null ? [] : [`${passed} passed`]),
    ...(skipped === null || skipped === 0 ? [] : [`${skipped} skipped`]),
  ];
  return `${counts.join(', ')}${runs > 1 ? ` in ${runs} runs` : ''}`;
}

const describe = ({ name, error }: Failure): string =>
  [
    `FAILED ${name}`,
    ...error
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `  ${line}`),
  ].join('\n');
