// Reads the spec reporter of node:test (node 20 to 24).
import { couldNotRun, failure, linesUntil } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';
import { addCounts, fileOfName, nodeSummary } from './node-summary.ts';

const result = /^(\s*)(✔|✖|▶|﹣|⚠) (.+?)(?: \([\d.]+ms\))?( # (?:SKIP|TODO).*)?$/;
const endOfError = (line: string): boolean => /^\s+at |^test at /.test(line) || result.test(line);

/** Names are `suite › test`; a suite is named only when it failed by itself. */
export const readNodeSpec: Runner = (lines) => {
  const summaries = nodeSummary(lines, 'ℹ');
  if (summaries.length === 0) return null;
  return { ...addCounts(summaries), failures: readFailures(lines) };
};

interface OpenSuite {
  readonly depth: number;
  readonly title: string;
  failures: number;
}

/** Walks the tree part: `▶ suite` opens a level, its own `✖ suite` line after the children closes it. */
function readFailures(lines: readonly string[]): readonly Failure[] {
  const failures: Failure[] = [];
  const errors = readErrors(lines);
  let open: OpenSuite[] = [];
  for (const line of lines) {
    const match = result.exec(line);
    if (!match) continue;
    const [, indent = '', mark = '', title = '', directive] = match;
    const depth = indent.length;
    const closed = open.find((suite) => suite.depth === depth && suite.title === title);
    open = open.filter((suite) => suite.depth < depth);
    if (mark === '▶') open.push({ depth, title, failures: 0 });
    if (title === 'failing tests:') break;
    if (mark !== '✖' || directive !== undefined || (closed?.failures ?? 0) > 0) continue;
    for (const suite of open) suite.failures += 1;
    failures.push(named(open, title, errors.get(title) ?? []));
  }
  return failures;
}

function named(open: readonly OpenSuite[], title: string, error: readonly string[]): Failure {
  const file = open.length === 0 ? fileOfName(title) : null;
  return failure(file === null ? [...open.map((suite) => suite.title), title].join(' › ') : couldNotRun(file), error);
}

/** First error of each title in the list of failing tests that follows the counts. */
function readErrors(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const errors = new Map<string, readonly string[]>();
  const summary = lines.lastIndexOf('✖ failing tests:');
  for (let index = summary + 1; summary !== -1 && index < lines.length; index += 1) {
    const title = result.exec(lines[index] ?? '')?.[3];
    if (title !== undefined && !errors.has(title)) errors.set(title, linesUntil(lines, index + 1, endOfError));
  }
  return errors;
}
