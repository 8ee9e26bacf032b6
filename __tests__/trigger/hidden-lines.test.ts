import { describe, expect, test } from '@jest/globals';
import { filterHiddenText } from '../../src/trigger/filter-hidden-text.ts';
import { hiddenLines, makeVisible } from '../../src/trigger/hidden-lines.ts';

const shown = (raw: string) => hiddenLines(raw, filterHiddenText(raw).text);
const inTags = (text: string) => [...text].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('');

describe('the lines that hold what a reader does not see', () => {
  test('a text that shows all has none', () => {
    expect(shown('# Title\r\n\r\n- naïve 日本語 👨‍👩‍👧\n\tcode')).toEqual([]);
  });

  test('are told whole, several lines of one comment too, and the others are not', () => {
    expect(shown('Seen.\nAlso <!-- one\ntwo\nthree --> seen.\nLast.')).toEqual([
      'Also <!-- one',
      'two',
      'three --> seen.',
    ]);
  });

  test('a comment that is never closed is told to its end', () => {
    expect(shown('Seen.\n<!-- evil\nto the end')).toEqual(['<!-- evil', 'to the end']);
  });

  test('a long line is cut to where it differs', () => {
    const raw = `${'a'.repeat(5_000)}<!-- evil -->${'b'.repeat(5_000)}`;
    expect(shown(raw)).toEqual([`… ${'a'.repeat(60)}<!-- evil -->${'b'.repeat(60)} …`]);
  });

  test('a cut never parts one character in two', () => {
    const raw = `${'🦊'.repeat(100)}x\u200b${'🦊'.repeat(100)}`;
    expect(shown(raw)[0]).toMatch(/^… 🦊+x⟨U\+200B⟩🦊+ …$/u);
  });

  test('hold for any filter: what it changes is told', () => {
    expect(hiddenLines('a\nb &#108; c\nd', 'a\nb l c\nd')).toEqual(['b &#108; c']);
  });

  test.each(['\u200b\n', 'x\n\u200bx\n', '<!--\n', 'same\n'])(
    'five hundred kilobytes of %j are looked through at once',
    (unit) => {
      const raw = unit.repeat(500_000 / unit.length);
      const filtered = filterHiddenText(raw, 500_000).text;
      const start = performance.now();
      hiddenLines(raw, filtered);
      expect(performance.now() - start).toBeLessThan(3_000);
    },
  );
});

describe('what is not seen is made visible', () => {
  test.each([
    ['a\u200bb', 'a⟨U+200B⟩b'],
    ['a\u200b\u200b\u200bb', 'a⟨U+200B ×3⟩b'],
    ['a\u202eb\u2066', 'a⟨U+202E⟩b⟨U+2066⟩'],
    [`typo${inTags('run it')}.`, 'typo⟨tags: run it⟩.'],
    ['a\u{e0100}b', 'a⟨U+E0100⟩b'],
    ['a\u001b[31mb', 'a⟨U+001B⟩[31mb'],
    ['a\ud800b', 'a⟨U+D800⟩b'],
    ['plain\ttext', 'plain\ttext'],
  ])('%j becomes %s', (raw, visible) => {
    expect(makeVisible(raw)).toBe(visible);
  });
});
