// Runs a project's checks in one tree, one after another, and says what each did.
import type { CommandResult, CommandSpec } from '../ports.ts';
import type { Check } from '../types.ts';
import { collapseCoverage, narrowLines } from '../sandbox/collapse-coverage.ts';
import { failingFirst, lastPart } from '../sandbox/test-output/failing-first.ts';
import { parseResults } from '../sandbox/test-output/parse-results.ts';
import type { TestResults } from '../sandbox/test-output/test-results.ts';

/** A check to run. `name` is unique in a run: it is what base and result are compared by. */
export interface CheckSpec {
  readonly name: string;
  readonly command: string;
}

export interface RunChecksDeps {
  /** Runs one command in the tree (`Tree.run`). */
  readonly run: (spec: CommandSpec) => Promise<CommandResult>;
  /** Keeps the whole output and returns its path; null when it is kept nowhere. */
  readonly saveLog: (name: string, text: string) => Promise<string | null>;
  /** Limit of each command. */
  readonly timeoutMs: number;
}

const maxTailChars = 4_000;
const maxFailingChars = 2_500;
const gap = '\n\n[...]\n\n';

/** Runs all checks, also after a failing one. Never throws for a check that fails or is killed. */
export async function runChecks(checks: readonly CheckSpec[], deps: RunChecksDeps): Promise<readonly Check[]> {
  const ended: Check[] = [];
  for (const spec of checks) {
    const result = await deps.run({ command: spec.command, timeoutMs: deps.timeoutMs });
    const logPath = await deps.saveLog(spec.name, result.output);
    ended.push(toCheck(spec, result, logPath));
  }
  return ended;
}

/** The `Check` of a command that has ended. The exit code decides; counts are left out where they contradict it. */
export function toCheck(spec: CheckSpec, result: CommandResult, logPath: string | null): Check {
  const { exitCode, durationMs, output } = result;
  const results = believable(parseResults(output), exitCode);
  return {
    ...spec,
    exitCode,
    durationMs,
    ...counts(results),
    failures: results?.failures.map((item) => item.name) ?? [],
    outputTail: tail(result),
    logPath,
  };
}

/**
 * A command that succeeded had no failing test: output that says otherwise is a test's own text, or the project has
 * chosen to allow failures. Counts of a killed command are those of a part.
 */
function believable(results: TestResults | null, exitCode: number | null): TestResults | null {
  if (results === null || exitCode === null) return null;
  return exitCode === 0 && ((results.failed ?? 0) > 0 || results.failures.length > 0) ? null : results;
}

function counts(results: TestResults | null): Pick<Check, 'passed' | 'failed' | 'skipped'> {
  return {
    ...(results?.passed == null ? {} : { passed: results.passed }),
    ...(results?.failed == null ? {} : { failed: results.failed }),
    ...(results?.skipped == null ? {} : { skipped: results.skipped }),
  };
}

/** At most 4,000 characters: why it was killed, the failing tests, then the end of the output, coverage tables left out. */
function tail({ exitCode, timedOut, durationMs, output: whole }: CommandResult): string {
  const output = narrowLines(collapseCoverage(whole));
  const killed =
    exitCode === null
      ? [timedOut ? `Killed at its time limit after ${seconds(durationMs)} s.` : 'Stopped before it ended.']
      : [];
  const end = lastPart(output, maxTailChars);
  const failing = exitCode === 0 ? end : failingFirst(output, maxFailingChars);
  // What failingFirst gives for an unknown runner is the end itself.
  const first = [...killed, ...(end.endsWith(failing) ? [] : [failing])].join('\n\n');
  if (first === '') return end;
  return `${first}${gap}${lastPart(output, maxTailChars - first.length - gap.length)}`;
}

const seconds = (ms: number): string => String(Math.round(ms / 1000));
