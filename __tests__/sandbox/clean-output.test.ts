import { describe, expect, test } from '@jest/globals';
import { collapseLines, stripEscapes } from '../../src/sandbox/clean-output.ts';

test('stripEscapes removes colours, links, titles and control characters but keeps line ends and tabs', () => {
  const text =
    '\u001b[1;31mred\u001b[0m\t\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007\r\nnul\u0000 bell\u0007 csi\u009b31m.';
  expect(stripEscapes(text)).toBe('red\tlink\r\nnul bell csi.');
});

describe('collapseLines', () => {
  test('keeps what a progress bar showed last', () => {
    expect(collapseLines('10%\r50%\r100%\ndone\r\n')).toBe('100%\ndone\n');
  });

  test('counts runs of three equal lines or more', () => {
    expect(collapseLines('a\na\nb\nb\nb\nb\nc')).toBe('a\na\nb\n[the line above came 3 more times]\nc');
  });

  test('shrinks a run of empty lines to one without a word', () => {
    expect(collapseLines('a\n\n\n\n\nb')).toBe('a\n\nb');
    expect(collapseLines('a\n\nb\n')).toBe('a\n\nb\n');
  });

  test('leaves lines that differ only by a number alone', () => {
    expect(collapseLines('test 1\ntest 2\ntest 3')).toBe('test 1\ntest 2\ntest 3');
  });
});
