// Whatever a text is made of, four times as much of it takes about four times the work, and never sixteen times. Counted in
// steps, not in time.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { filterHiddenText } from '../../../src/trigger/filter-hidden-text.ts';
import { countWork, type WorkCounter } from '../../support/work-of.ts';

let work: WorkCounter;
let filter: typeof filterHiddenText;
beforeAll(async () => {
  work = await countWork('/src/trigger/');
  filter = (await import('../../../src/trigger/filter-hidden-text.ts')).filterHiddenText;
});
afterAll(() => work.close());

/** More than any text here is long, so that none is cut. */
const uncut = 16 * 1024 * 1024;
const unitsOf = (text: string, length: number): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);

test('steps are counted', async () => {
  const counts = [await work.count(() => filter('a <!-- b --> c')), await work.count(() => undefined)];
  expect(counts).toEqual([expect.any(Number), 0]);
  expect(counts[0]).toBeGreaterThan(20);
});

test.each([
  ...[
    '<!--',
    '<!-',
    '<!-<!-- -->',
    '<!-<!-- -->- x --<!-- -->>',
    '[',
    '[a](b',
    '![',
    '[[a]]',
    '[a][b]',
    '[a](b "',
    '[a](b [c](d ',
  ],
  ...[
    '&#x',
    '&#105;',
    '&zwj;',
    '<a ',
    '<a href="',
    `<a b='<c d="`,
    '</',
    '<?',
    '<![CDATA[',
    '<div>\n',
    '<details>',
    '<div title="\n\n',
  ],
  ...[
    '> ',
    '- ',
    '1. ',
    '> - ',
    '\n    x\n',
    '```\n',
    '`',
    '`a``b```c',
    '| a |\n|---|\n',
    'a\n|---|\nb|c\n',
    '[a]: b "c"\n\n',
  ],
  ...[
    '[^1]: x\n',
    'x[^a]\n',
    '\\phantom{',
    'eyJ',
    'x <? ',
    'x <!y ',
    'x <![CDATA[ ',
    '\u200b',
    '👨\u200d',
    '\u001b[',
    '*a ',
    'words and words\n',
    '\n',
  ],
])('of %j', async (unit) => {
  const [short, long] = [unitsOf(unit, 8_000), unitsOf(unit, 32_000)];
  const once = await work.count(() => filter(short, uncut));
  const more = await work.count(() => filter(long, uncut));
  expect(more).toBeLessThan(7 * once + 2_000);
});
