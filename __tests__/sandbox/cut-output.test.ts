import { describe, expect, test } from '@jest/globals';
import { cutLine, cutOutput } from '../../src/sandbox/cut-output.ts';

const limits = { maxCharacters: 1_000, headShare: 0.2, logPath: '.ai/logs/1.txt' };
const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${String(i + 1)}`).join('\n');

describe('cutOutput', () => {
  test('leaves a text of exactly the limit as it is, and cuts one character more', () => {
    expect(cutOutput('x'.repeat(1_000), limits)).toBe('x'.repeat(1_000));
    expect(cutOutput('x'.repeat(1_001), limits)).toContain('left out');
  });

  test('never exceeds the limit, whatever the shape of the text', () => {
    for (const text of [numbered(5_000), 'x'.repeat(1_001), '\n'.repeat(3_000), `${'y'.repeat(5_000)}\n`]) {
      for (const headShare of [0, 0.2, 0.3, 1]) {
        expect(cutOutput(text, { ...limits, headShare }).length).toBeLessThanOrEqual(1_000);
      }
    }
  });

  test('keeps whole lines and counts exactly what is missing', () => {
    const text = numbered(5_000);
    const cut = cutOutput(text, limits);
    const [, lines, characters] =
      /\[\.\.\. (\d+) lines \((\d+) characters\) left out; all of it: \.ai\/logs\/1\.txt \.\.\.\]/.exec(cut) ?? [];
    const [head = '', tail = ''] = cut.split(/\n\[\.\.\. .*\n/);
    expect(text.startsWith(`${head}\n`)).toBe(true);
    expect(text.endsWith(`\n${tail}`)).toBe(true);
    expect(head.length + tail.length + Number(characters)).toBe(text.length);
    expect(head.split('\n').length + tail.split('\n').length + Number(lines)).toBe(5_001);
  });

  test('divides the room by the share of the head', () => {
    const parts = (headShare: number) =>
      cutOutput('x'.repeat(9_000), { ...limits, headShare })
        .split(/\n\[.*\n/)
        .map((part) => part.length);
    expect(parts(0.3)).toEqual([252, 588]);
    expect(parts(0.2)).toEqual([168, 672]);
  });

  test('does not split a character of two units', () => {
    for (const shift of ['', 'x']) {
      const cut = cutOutput(shift + '😀'.repeat(3_000), limits);
      expect(Buffer.from(cut).toString()).toBe(cut);
    }
  });

  test('names no log where none was kept', () => {
    expect(cutOutput('x'.repeat(2_000), { ...limits, logPath: null })).toMatch(/left out \.\.\.\]/);
  });
});

test('cutLine keeps a line of exactly the limit and names the length of a longer one', () => {
  expect(cutLine('abcd', 4)).toBe('abcd');
  expect(cutLine('abcde', 4)).toBe('abcd [line cut: 5 characters]');
  expect(cutLine('a😀b', 2)).toBe('a [line cut: 4 characters]');
});
