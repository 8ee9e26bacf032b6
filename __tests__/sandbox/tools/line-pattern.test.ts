import { describe, expect, test } from '@jest/globals';
import { compileLinePattern } from '../../../src/sandbox/tools/line-pattern.ts';

describe('files dismissed unseen', () => {
  const matching: readonly (readonly [string, string])[] = [
    ['needle', 'a needle'],
    ['ca+b', 'caaab'],
    ['colou?r', 'color'],
    ['colou*r', 'color'],
    ['ab{0}c', 'ac'],
    ['x{1000}', 'x'.repeat(1_000)],
    ['foo|bar', 'bar'],
    ['(foo)?bar', 'bar'],
    [String.raw`\x41\u0042`, 'AB'],
    [String.raw`\.then\(`, 'p.then('],
    [String.raw`[^\]abc]+end`, 'zend'],
    [String.raw`a[bcd]e`, 'ade'],
    [String.raw`foo(?!bar)`, 'foo'],
    ['(?i)NeEdLe', 'needle'],
    ['foo(bar', 'foo(bar'],
    ['^a$', 'a'],
    ['a{', 'a{'],
  ];
  test.each(matching)('%s never dismisses a file with a matching line', (pattern, line) => {
    const compiled = compileLinePattern(pattern);
    expect(compiled.matchingLines(['zzz', line], 9)).toEqual([1]);
    expect(compiled.canMatch(`zzz\n${line}\n`)).toBe(true);
  });

  test.each(['needle', String.raw`needle\w+\s*=`, 'class [A-Z]needles'])(
    '%s dismisses a file without its text',
    (pattern) => {
      expect(compileLinePattern(pattern).canMatch('class Hay = 1')).toBe(false);
    },
  );
});
