import { describe, expect, test } from '@jest/globals';
import { lexer, parseInline } from 'marked';
import { code, foreign, foreignTitle } from '../../src/publish/foreign.ts';
import { foreignBlock } from '../../src/publish/foreign-block.ts';
import { table } from '../../src/publish/parts/table.ts';
import { actsIn } from './markdown-acts.ts';

const lines = [
  '$(touch x)"; #',
  'Closes #1 and @octo/team, GH-2, fixes octo/shop#3',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '---',
  '| a | b |',
  '<img src=//evil.example/?d=1><!-- hidden -->',
  '![i](https://evil.example/i.png)[x](javascript:alert(1))',
  '[x]: https://evil.example',
  '`code` ``more`` ` stray',
  'back\\slash \\| pipe \\`',
  '**bold** _em_ ~~gone~~ snake_case_name',
  '&lt;b&gt; &#64;alice &commat;alice',
  'https://evil.example/a), www.evil.example.',
  '\u202eevil\u202c zero\u200bwidth',
];

/** What a reader sees: tags gone, entities and zero-width characters read. */
const seen = (markdown: string) =>
  parseInline(markdown, { async: false })
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\u200b/g, '');

describe('a line of foreign text', () => {
  test.each(lines)('does nothing: %j', (line) => {
    expect(actsIn(foreign(line))).toEqual([]);
    expect(lexer(foreign(line)).map((token) => token.type)).toEqual(['paragraph']);
  });

  test.each(lines.slice(0, 8))('is read as it was written: %j', (line) => {
    expect(seen(foreign(line))).toBe(line);
  });

  test.each(lines)('stays in its cell: %j', (line) => {
    const [parsed] = lexer(table(['A', 'B'], [[foreign(line), code(line)]]));
    expect(parsed).toMatchObject({ type: 'table', rows: [[expect.anything(), expect.anything()]] });
  });

  test('opens no tag, not even one that a later text would end', () => {
    expect(foreign('a <details open')).toBe('a &lt;details open');
  });

  test('is one line, cut with an ellipsis', () => {
    expect(foreign('a\n\nb\tc')).toBe('a b c');
    expect(foreign('word '.repeat(100), 20)).toBe('word word word word…');
  });

  test('keeps backticks inside a code span', () => {
    expect(code('a ``b`` `c`')).toBe('``` a ``b`` `c` ```');
    expect(code('')).toBe('');
  });

  test('as a title keeps its signs but notifies and closes nobody', () => {
    const title = foreignTitle('Fix *all* <b> for @alice, closes #1\nand https://x.example');
    expect(title.replace(/\u200b/g, '')).toBe('Fix *all* <b> for @alice, closes #1 and https://x.example');
    expect(title).not.toMatch(/@a|#1/);
  });
});

describe('a block of foreign Markdown', () => {
  test('keeps paragraphs, lists, code and emphasis', () => {
    const text = '## Done\n\nMade **two** things:\n\n1. `a|b`\n   - deeper\n2. c_d\n\n```js\nlet x = "@alice";\n```';
    expect(foreignBlock(text)).toBe(
      '**Done**\n\nMade **two** things:\n\n1. `a|b`\n   - deeper\n2. c\\_d\n\n```\nlet x = "@alice";\n```',
    );
  });

  test.each([...lines, lines.join('\n'), lines.join('\n\n'), `- ${lines.join('\n- ')}`, `> ${lines.join('\n> ')}`])(
    'does nothing: %j',
    (text) => {
      expect(actsIn(foreignBlock(text))).toEqual([]);
    },
  );

  test('cannot leave its code block', () => {
    const out = foreignBlock('````\n```\n@alice <b>\n```\n````');
    expect(lexer(out).map((token) => token.type)).toEqual(['code']);
  });

  test.each(['>', '> ', '- ', '[', '*_', '![a', '1) ', '<a ', '`a'])('survives endless %j', (piece) => {
    const startedAt = performance.now();
    expect(actsIn(foreignBlock(piece.repeat(500_000)))).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });
});
