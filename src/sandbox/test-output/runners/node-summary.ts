// What both reporters of node:test share: the block of counts at the end, and failures of whole files.
import type { TestResults } from '../test-results.ts';

const words = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const;
type Counts = Readonly<Record<(typeof words)[number], number>>;

/** Each full block of counts whose lines start with `mark`; loose lines that look alike are not one. */
export function nodeSummary(lines: readonly string[], mark: 'ℹ' | '#'): readonly Counts[] {
  return lines.flatMap((_, start) => {
    const numbers = words.map((word, offset) => {
      const match = /^(\S) (\w+) (\d+)$/.exec(lines[start + offset] ?? '');
      return match?.[1] === mark && match[2] === word ? Number(match[3]) : null;
    });
    const [tests, suites, pass, fail, cancelled, skipped, todo] = numbers.filter((n) => n !== null);
    if (tests === undefined || suites === undefined || pass === undefined || fail === undefined) return [];
    if (cancelled === undefined || skipped === undefined || todo === undefined) return [];
    return [{ tests, suites, pass, fail, cancelled, skipped, todo }];
  });
}

/** Adds blocks up; cancelled tests did not pass, so they count as failed. */
export function addCounts(blocks: readonly Counts[]): Omit<TestResults, 'failures'> {
  const sum = (...keys: readonly (keyof Counts)[]): number =>
    blocks.reduce((total, block) => total + keys.reduce((part, key) => part + block[key], 0), 0);
  return {
    runs: blocks.length,
    passed: sum('pass'),
    failed: sum('fail', 'cancelled'),
    skipped: sum('skipped', 'todo'),
  };
}

/**
 * The file when a top-level name is one: node names a file that could not run by its path, absolute in node 20.
 * Shortened to the last two parts, since the directory of a tree differs from run to run.
 */
export function fileOfName(name: string): string | null {
  return /^[^\s]*\/[^\s]*\.[cm]?[jt]s$/.test(name) ? name.split('/').slice(-2).join('/') : null;
}
