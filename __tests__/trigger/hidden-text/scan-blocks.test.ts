// Our blocks against those of CommonMark's reference implementation.
import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { scanBlocks } from '../../../src/trigger/hidden-text/scan-blocks.ts';
import { blocksOf } from '../../support/page-of-markdown.ts';

function ourBlocks(text: string): readonly string[] {
  const lineOf = (place: number): number => text.slice(0, place).split('\n').length;
  return scanBlocks(text, false).blocks.map(({ kind, lines, info }) => {
    const place = info?.start ?? lines[0]?.start ?? 0;
    return `${kind} ${String(lineOf(place))}`;
  });
}

const marks = ['> ', '>', '- ', '+', '1. ', '2) ', ' ', '  ', '   ', '    ', '\t'];
const contents = ['', 'a', '```', '````', '``` x', '~~~', '===', '---', '***', '# h', '<!-- x', '-->', '<!-- c -->'];
const html = ['<div>', '</div>', '<b>', '<b x="', '<?', '?>', '<!X', '<script>', '</script>', '<![CDATA[', ']]>'];
const line = fc
  .tuple(fc.array(fc.constantFrom(...marks), { maxLength: 3 }), fc.constantFrom(...contents, ...html))
  .map(([before, content]) => before.join('') + content);
const markdown = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));

test('blocks begin in the same lines, and are of the same kinds, as the reference finds them', () => {
  fc.assert(
    fc.property(markdown, (text) => {
      expect(ourBlocks(text)).toEqual(blocksOf(text));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['> ```\n<!-- out of the quote -->', ['code 1', 'html 2']],
  ['- ```\n  in\nout', ['code 1', 'text 3']],
  ['<div>\n```\n</div>', ['html 1']],
  ['a\n    b', ['text 1']],
])('%j is %j', (text, blocks) => {
  expect(ourBlocks(text)).toEqual(blocks);
});

test('lists and quotes are followed up to forty deep, and the place is told where they go on', () => {
  expect(scanBlocks(`${'> '.repeat(40)}a`, false).tooDeepAt).toBeNull();
  expect(scanBlocks(`${'> '.repeat(41)}a`, false).tooDeepAt).toBe(80);
});

test('a table goes to the end of its paragraph, and a footnote to the end of its container', () => {
  const table = scanBlocks('a\n\n| b |\n|---|\n| c |\n\nd', true).blocks;
  expect(table.map(({ lines, ruler }) => [lines.length, ruler])).toEqual([
    [1, null],
    [3, 1],
    [1, null],
  ]);
  const text = '[^1]: a\n\n    b\nc\n\nd';
  expect(scanBlocks(text, true).footnotes).toEqual([{ label: '1', start: 0, end: text.indexOf('\n\nd') + 1 }]);
});
