// Names the tests that a change deletes, removes, skips or leaves out: a green result must not come from fewer tests.
import { parsePatch } from 'diff';
import type { StructuredPatch } from 'diff';
import { isTestFile } from '../policy/test-paths.ts';
import { readDeclarations } from './test-syntax.ts';

interface FileTests {
  readonly path: string;
  readonly isDeleted: boolean;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly disabled: readonly string[];
}

const maxNames = 5;
/** Longer lines are cut: hostile source must not make a pattern slow. */
const maxLineChars = 1000;

/**
 * One plain line for each finding, with file and test. Reads only what the diff shows (changed lines and those around
 * them), so a renamed test counts as removed, and one moved to another file does not.
 *
 * @param diff unified diff from the base to the result, as `git diff` writes it
 */
export function findWeakenedTests(diff: string): readonly string[] {
  const files = parsePatch(diff).map(readFile);
  const moved = countEach(files.flatMap((file) => file.added));
  return files.flatMap((file) => {
    const removed = file.removed.filter((name) => !takeOne(moved, name));
    return [...describeRemoved(file, removed), ...file.disabled.map((words) => `${file.path}: ${words}`)];
  });
}

function describeRemoved({ path, isDeleted }: FileTests, removed: readonly string[]): readonly string[] {
  if (!isDeleted) return removed.map((name) => `${path}: "${name}" was removed`);
  if (!isTestFile(path)) return removed.map((name) => `${path}: "${name}" was deleted with its file`);
  if (removed.length === 0) return [`${path} was deleted`];
  const more = removed.length > maxNames ? ` and ${removed.length - maxNames} more` : '';
  const names = removed.slice(0, maxNames).map((name) => `"${name}"`);
  return [`${path} was deleted, with ${names.join(', ')}${more}`];
}

function readFile(patch: StructuredPatch): FileTests {
  const before = pathOf(patch.oldFileName, 'a/');
  const after = pathOf(patch.newFileName, 'b/');
  const old = readDeclarations(before ?? after ?? '', sideOf(patch, '+'));
  const now = readDeclarations(after ?? before ?? '', sideOf(patch, '-'));
  return {
    path: after ?? before ?? '',
    isDeleted: after === null,
    removed: without(old.tests, [...now.tests, ...todoNames(now.disabled)]),
    added: without(now.tests, old.tests),
    disabled: without(now.disabled, old.disabled),
  };
}

/** Names of tests that became todos: they are reported as that, and not as removed too. */
const todoNames = (disabled: readonly string[]): readonly string[] =>
  disabled.flatMap((words) => /^"(.+)" is only a todo$/.exec(words)?.[1] ?? []);

/** Null for the side that does not exist (`/dev/null`). */
function pathOf(name: string | undefined, prefix: string): string | null {
  if (name === undefined || name === '/dev/null') return null;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** One side of all hunks: context and the lines that do not start with the other side's mark. */
const sideOf = (patch: StructuredPatch, other: '+' | '-'): string =>
  patch.hunks
    .flatMap((hunk) => hunk.lines)
    .filter((line) => !line.startsWith(other) && !line.startsWith('\\'))
    .map((line) => line.slice(1, maxLineChars))
    .join('\n');

/** Items of `all` that are left when each of `some` takes one away. */
function without(all: readonly string[], some: readonly string[]): readonly string[] {
  const left = countEach(some);
  return all.filter((item) => !takeOne(left, item));
}

function countEach(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function takeOne(counts: Map<string, number>, item: string): boolean {
  const left = counts.get(item) ?? 0;
  if (left > 0) counts.set(item, left - 1);
  return left > 0;
}
