// What must hold of any text: nothing of it is left that a page would not show, what a page shows is left, and filtering
// what is filtered changes nothing. A page is what parsers that are not ours make of it.
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { filterHiddenText } from '../../../src/trigger/filter-hidden-text.ts';
import { pageOf } from '../../support/page-of-markdown.ts';

/** Words by their number, so that each can be found again: in the text, on the page, in what is left. */
const word = (index: number): string => `M${String(index)}m`;
const wordsIn = (text: string): string[] => [...new Set(text.match(/M\d+m/g) ?? [])];

/** `W` in a piece becomes a word of its own. */
const numbered = (pieces: readonly string[]): string => {
  let count = 0;
  return pieces.join('').replaceAll('W', () => word((count += 1)));
};

const hostile = [
  ...['W', ' ', '\n', '\n\n', '<!--', '-->', '<!-- W -->', '```\n', '~~~\n', '`', '``', '[W](http://h/ "W")', '[W]('],
  ...['![W](http://h/x)', '[', ']', '(', ')', '"', "'", '[a]: http://h "W"\n', '[W]: http://h\n', '[a]', '[x][a]'],
  ...['[x][a W]', '\n\n[a W]: http://h\n\n', '<div>', '</div>', '<a title="W">', '<b W>', '<', '>', '> ', '- ', '    '],
  ...[
    '1. ',
    '# ',
    '<?W?>',
    '<!X W>',
    '\\',
    '!',
    '<span title="',
    '<![CDATA[W]]>',
    '<p>',
    '&#33;',
    '<http://h/W>',
    '---\n',
  ],
  ...[
    '</b>',
    '\n<div>W</div>\n\n',
    "<a href='",
    '=',
    '/',
    '&quot;',
    '\u200b',
    '&#8203;',
    '&#60;',
    '&#96;',
    '\u0000',
    '\t',
  ],
];
const hostileText = fc.array(fc.constantFrom(...hostile), { maxLength: 30 }).map(numbered);

/** The language of a block of code is shown by its colours only, and is one word. */
const languages = (text: string): string => (text.match(/(?:`{3}|~{3})[^\n]*/g) ?? []).join(' ');

describe('of any text', () => {
  test('no word is left that the page does not show', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = pageOf(text);
        const known = `${page.text} ${page.besides.toUpperCase()} ${languages(text)}`.toUpperCase();
        const left = wordsIn(filterHiddenText(text).text);
        expect(left.filter((one) => !known.includes(one.toUpperCase()))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('filtering what is filtered changes nothing and finds nothing', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(200, 64 * 1024), (text, maxBytes) => {
        const once = filterHiddenText(text, maxBytes).text;
        expect(filterHiddenText(once, maxBytes)).toEqual({ text: once, hiddenCharacters: 0, removed: [] });
      }),
      { numRuns: 1_500 },
    );
  });
});

/** What people write: each piece shows all of its words, but for those after `H`. */
const usual = [
  'W, and *W* as well as **W**.\n\n',
  '## W\n\n',
  '- W\n- [ ] W\n- [x] W\n  - W\n\n',
  '1. W\n2. W:\n   ```sh\n   W <!-- W -->\n   ```\n\n',
  '> W\n> `W <!-- W -->`\n\n',
  '```html\n<!-- W -->\n<a title="W">W</a>\n[W](x "W")\n```\n\n',
  '~~~\n&#65; W\n~~~\n\n',
  'W:\n\n    W <!-- W -->\n\n',
  '| W | W |\n| --- | :-: |\n| `W` | W |\n\n',
  '[W](https://h.test/a/b?c=1#d), [W][a] and [W][].\n\n',
  'See https://h.test/W and <https://h.test/W>.\n\n',
  '<kbd>W</kbd> <sub>W</sub><br>W\n\n',
  '<details>\n<summary>W</summary>\n\nW\n\n</details>\n\n',
  '<table><tr><td>W</td></tr></table>\n\n',
  'Map<String, List<W>> and W < W > W & W.\n\n',
  '$W + W$ and W^2^ and W_W_.\n\n',
  '![H](https://h.test/a.png "H") W <!-- H -->\n\n',
  '---\n\nW\\<!-- W -->\n\n',
];
const usualText = fc
  .array(fc.constantFrom(...usual), { maxLength: 8 })
  .map((pieces) => numbered([...pieces, 'W[^1]\n\n[a]: https://h.test\n\n[^1]: W\n']));

describe('of what people write', () => {
  test('every word is left', () => {
    fc.assert(
      fc.property(usualText, (text) => {
        const left = filterHiddenText(text).text;
        expect(wordsIn(text).filter((one) => !left.includes(one))).toEqual([]);
        expect(left).not.toContain('H');
      }),
      { numRuns: 500 },
    );
  });

  test('code is left byte for byte, but for characters that nobody sees', () => {
    const signs = fc.constantFrom(
      '<',
      '!',
      '-',
      '>',
      '[',
      ']',
      '(',
      '"',
      '&#65;',
      '&amp;',
      '\\',
      'e\u0301',
      ' ',
      'a',
      '|',
      '$',
      '~',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 20 }), fc.boolean(), (parts, isFenced) => {
        const code = `x${parts.join('')}x`;
        const text = isFenced ? `a\n\n~~~~\n${code}\n~~~~\n\nb` : `a \`${code}\` b`;
        expect(filterHiddenText(text.replace('x', 'x\u200b')).text).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
