import { describe, expect, test } from '@jest/globals';
import { collapseCoverage, narrowLines } from '../../src/sandbox/collapse-coverage.ts';

const ofFiles = (row: (index: number) => string, count = 40): string[] =>
  Array.from({ length: count }, (_, i) => row(i));
const between = (table: readonly string[]): string => ['before', ...table, 'after'].join('\n');

const istanbulRule = `${'-'.repeat(14)}|---------|----------|${'-'.repeat(80)}`;
const istanbul = (rows: readonly string[]): string[] => [
  istanbulRule,
  `File          | % Stmts | % Branch | Uncovered Line #s${' '.repeat(62)}`,
  istanbulRule,
  'All files     |    51.2 |     38.4 |                  ',
  ...rows,
  istanbulRule,
];
const istanbulRow = (index: number): string => `  part${index}.js    |   84.21 |      100 | 3-9,${index}`;

describe('collapseCoverage', () => {
  test('makes one line of a table of istanbul, with its totals', () => {
    expect(collapseCoverage(between(istanbul(ofFiles(istanbulRow))))).toBe(
      'before\n[coverage table, 45 lines: All files | 51.2 | 38.4]\nafter',
    );
  });

  test('knows a table whose end was cut off, or whose equal rows were counted', () => {
    const rows = [...ofFiles(istanbulRow), '[the line above came 3 more times]'];
    expect(collapseCoverage(istanbul(rows).slice(1, -1).join('\n'))).toBe(
      '[coverage table, 44 lines: All files | 51.2 | 38.4]',
    );
  });

  test('makes one line of a table of coverage.py', () => {
    const rule = '-'.repeat(44);
    const rows = ofFiles((index) => `src/part${index}.py        10      2    80%   3-4, ${index}`);
    const table = ['Name      Stmts   Miss  Cover   Missing', rule, ...rows, rule, 'TOTAL      400     80    80%'];
    expect(collapseCoverage(between(table))).toBe('before\n[coverage table, 44 lines: TOTAL 400 80 80%]\nafter');
  });

  test.each(['ℹ', '#'])('makes one line of a table of node:test behind %s', (mark) => {
    const rule = `${mark} ${'-'.repeat(60)}`;
    const rows = ofFiles((index) => `${mark} part${index}.js | 100.00 |    90.00 |  100.00 | 3-9`);
    const head = `${mark} file      | line % | branch % | funcs % | uncovered lines`;
    const table = [rule, head, rule, ...rows, `${mark} all files | 100.00 |    90.00 |  100.00 |`, rule];
    expect(collapseCoverage(between(table))).toBe(
      'before\n[coverage table, 45 lines: all files | 100.00 | 90.00 | 100.00]\nafter',
    );
  });

  test('leaves small tables and all else as they are', () => {
    const small = between(istanbul([]).map((line) => line.slice(0, 50)));
    expect(collapseCoverage(small)).toBe(small);
    const other = between(ofFiles((index) => `a | b | ${index}\n-----|-----|-----`));
    expect(collapseCoverage(other)).toBe(other);
  });

  test('two tables stay apart, and what stands between them is kept', () => {
    const table = istanbul(ofFiles(istanbulRow)).join('\n');
    const shown = collapseCoverage(`${table}\n  ● adds › two numbers\n${table}`);
    expect(shown.split('\n')).toHaveLength(3);
    expect(shown).toContain('\n  ● adds › two numbers\n');
  });

  test('a megabyte made to be slow is read in a moment', () => {
    const lines = ['-'.repeat(200_000), `File |${' % a |'.repeat(40_000)}`, '|\n'.repeat(100_000)];
    const totals = `File | % a | % b | c\nall files${' |'.repeat(100_000)}x\n`;
    const start = performance.now();
    collapseCoverage(`${lines.join('\n')}\n${totals}Name Stmts Miss Cover\n${'a 1'.repeat(60_000)}\n`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

test('narrowLines shortens long runs of blanks and dashes in wide lines alone', () => {
  const wide = `a${' '.repeat(100)}b ${'-'.repeat(100)}|  c${' '.repeat(300)}`;
  expect(narrowLines(`${wide}\n${' '.repeat(100)}x`)).toBe(`a     b -----|  c\n${' '.repeat(100)}x`);
  expect(narrowLines(`${'word '.repeat(60)}.`)).toBe(`${'word '.repeat(60)}.`);
});
