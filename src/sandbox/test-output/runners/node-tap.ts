// Reads TAP as node:test writes it (the default of node 20 where there is no terminal).
import { couldNotRun, failure } from '../test-results.ts';
import type { Failure, Runner } from '../test-results.ts';
import { addCounts, fileOfName, nodeSummary } from './node-summary.ts';

const subtest = /^(\s*)# Subtest: (.+)$/;
const notOk = /^(\s*)not ok \d+ - (.+?)( # (?:SKIP|TODO).*)?$/;

/** Names are `suite › test`; a suite or parent test is left out when only its children failed. */
export const readNodeTap: Runner = (lines) => {
  const summaries = nodeSummary(lines, '#');
  if (summaries.length === 0) return null;
  return { ...addCounts(summaries), failures: readFailures(lines) };
};

function readFailures(lines: readonly string[]): readonly Failure[] {
  const failures: Failure[] = [];
  let open: { readonly depth: number; readonly title: string }[] = [];
  for (const [index, line] of lines.entries()) {
    const [, indent = '', title] = subtest.exec(line) ?? [];
    if (title !== undefined)
      open = [...open.filter((one) => one.depth < indent.length), { depth: indent.length, title }];
    const [, failedIndent = '', failedTitle, directive] = notOk.exec(line) ?? [];
    if (failedTitle === undefined || directive !== undefined) continue;
    const details = readDetails(lines, index + 1);
    if (details.includes("failureType: 'subtestsFailed'")) continue;
    const parents = open.filter((one) => one.depth < failedIndent.length).map((one) => unescape(one.title));
    failures.push(named(parents, unescape(failedTitle), details));
  }
  return failures;
}

function named(parents: readonly string[], title: string, details: readonly string[]): Failure {
  const file = parents.length === 0 ? fileOfName(title) : null;
  return failure(file === null ? [...parents, title].join(' › ') : couldNotRun(file), errorOf(details));
}

/** The YAML block below a result, without its indentation. */
function readDetails(lines: readonly string[], start: number): readonly string[] {
  const indent = /^(\s*)---$/.exec(lines[start] ?? '')?.[1];
  if (indent === undefined) return [];
  const end = lines.indexOf(`${indent}...`, start);
  return lines.slice(start + 1, end === -1 ? start + 1 : end).map((line) => line.slice(indent.length));
}

function errorOf(details: readonly string[]): readonly string[] {
  const at = details.findIndex((line) => line.startsWith('error: '));
  const value = details[at]?.slice('error: '.length);
  if (value === undefined) return [];
  if (!/^[|>]-?$/.test(value)) return [value.replace(/^(['"])(.*)\1$/, '$2')];
  const end = details.findIndex((line, index) => index > at && /^\S/.test(line));
  return details.slice(at + 1, end === -1 ? undefined : end);
}

const unescape = (title: string): string => title.replace(/\\([#\\])/g, '$1');
