// Reads from the result of a call whether something failed, and what: the fingerprint by which failures are compared.
import { parseResults } from '../../sandbox/test-output/parse-results.ts';
import type { ToolResult } from '../../ports.ts';

/**
 * Whether a call came to nothing. A command that was carried out is no error for the model (its exit code may be the
 * answer), but here a code other than 0 counts; only code 1 without a word does not: a search found nothing.
 */
export function outcomeOf(tool: string, { content, isError }: ToolResult): 'ok' | 'failed' | 'timed-out' {
  if (tool === 'bash' && content.startsWith('killed at the time limit')) return 'timed-out';
  const exitCode = tool === 'bash' ? exitCodeOf(content) : null;
  const foundNothing = exitCode === 1 && content.trimEnd().endsWith('\n(no output)');
  const failed = isError || (exitCode !== null && exitCode !== 0 && !foundNothing);
  return failed ? 'failed' : 'ok';
}

/**
 * What fails, as a text to compare: the failing tests with their errors where the output is of a runner we know (also
 * when a pipe hides the exit code), else the lines that speak of failure, else all of it. Null when nothing fails.
 */
export function failureOf(tool: string, result: ToolResult): string | null {
  const text = withoutTimes(result.content);
  const tests = tool === 'bash' ? (parseResults(result.content)?.failures ?? []) : [];
  if (tests.length > 0)
    return tests
      .map(({ name, error }) => `${name}\n${withoutTimes(error)}`)
      .toSorted()
      .join('\n');
  if (outcomeOf(tool, result) === 'ok') return null;
  const lines = text.split('\n').filter((line) => FAILURE.test(line));
  return lines.length > 0 ? lines.join('\n') : text;
}

/** A result without what differs from run to run and says nothing of the work: durations and the time of day. */
export const withoutTimes = (text: string): string =>
  text.replace(/\b\d+(?:\.\d+)? ?(?:ms|s|sec(?:onds?)?)\b|\b\d{1,2}:\d{2}:\d{2}(?:\.\d+)?\b/g, '');

const FAILURE = /\b(?:fail\w*|errors?|assert\w*|exception|panicked|expected|not ok|cannot|undefined)\b|[✗✕×●]/i;

const exitCodeOf = (content: string): number | null => {
  const code = /^exit code (\d+)/.exec(content)?.[1];
  return code === undefined ? null : Number(code);
};
