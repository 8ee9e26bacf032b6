import { describe, expect, test } from '@jest/globals';
import { createSink } from '../../src/publish/sink.ts';
import { actsIn } from './markdown-acts.ts';

const key = 'sk-ant-api03-TESTkeyA1b2C3d4E5f6G7h8I9j0K1l2M3n4';
const token = 'test+token/with "quotes" & 50%';
const sink = createSink({ secrets: [key, token], allowedLinks: ['https://git.example/octo/shop'] });
const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < 'n' ? 13 : -13)));

/** No ten characters in a row of the secret are left, whatever stands between them. */
function expectGone(text: string, form: string): void {
  const squeezed = text.replace(/[\s"'`\u200b]/g, '');
  for (let i = 0; i + 10 <= form.length; i++) expect(squeezed).not.toContain(form.slice(i, i + 10));
}

describe('redaction', () => {
  test.each([
    ['raw', key],
    ['base64', Buffer.from(key).toString('base64')],
    ['base64 after other bytes', Buffer.from(`x-access-token:${key}`).toString('base64')],
    ['base64 for addresses', Buffer.from(`?${token}`).toString('base64url')],
    ['hex', Buffer.from(key).toString('hex')],
    ['URL form', encodeURIComponent(token)],
    ['JSON form', JSON.stringify(token)],
    ['reversed', [...key].reverse().join('')],
    ['rot13', rot13(key)],
    ['one line break inside', `${key.slice(0, 24)}\n${key.slice(24)}`],
    ['spaces between all characters', [...key].join(' ')],
    ['zero-width characters inside', [...key].join('\u200b')],
    ['terminal colours inside', key.replace(/.{6}/g, '$&\u001b[31m')],
    ['prefix left out', key.slice(20)],
    ['in quotes and joined', `"${key.slice(0, 25)}" "${key.slice(25)}"`],
  ])('takes a registered secret out: %s', (_, form) => {
    const out = sink.plain(`before (${form}) after`);
    expect(out).toMatch(/^before \(.*\*\*\*.*\) after$/s);
    expectGone(out, form.replace(/[\s"'`\u200b]|\u001b\[31m/g, ''));
    expect(out).not.toMatch(/sk-a/);
  });

  test.each([
    'ghp_0123456789abcdefghijABCDEFGHIJ012345',
    `github_pat_${'A1b2'.repeat(12)}`,
    `sk-ant-oat01-${'x'.repeat(30)}`,
    `sk-proj-${'Ab1'.repeat(12)}`,
    'AKIAIOSFODNN7EXAMPLE',
    'xoxb-1234567890-abcdefghij',
    `npm_${'a1B2'.repeat(9)}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.${'s'.repeat(20)}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}\n-----END RSA PRIVATE KEY-----`,
    `-----BEGIN PRIVATE KEY-----\\n${'MIIEowIBAAKCAQEA'.repeat(4)}`,
  ])('takes out what looks like a key of a vendor: %s', (looksLikeKey) => {
    expect(sink.plain(`a ${looksLikeKey} b`)).toBe('a *** b');
  });

  test('takes user and password out of addresses', () => {
    expect(sink.plain('git clone https://me:s3cret@git.example/x.git')).toBe('git clone https://***@git.example/x.git');
  });

  test('leaves ordinary text, branch names and hashes alone', () => {
    const text = `task-001-something-quite-long-as-a-branch ${'a1b2c3d4'.repeat(5)} risk-management sk-ant-api03- done`;
    expect(sink.plain(text)).toBe(text);
  });

  test('ignores secrets that are too short to be one', () => {
    expect(createSink({ secrets: ['', 'abc'] }).plain('abcabc')).toBe('abcabc');
  });
});

describe('log lines', () => {
  test.each([
    '::add-mask::x',
    '  ::set-output name=a::b',
    '\t\u00a0::error::x',
    'ok\n::stop-commands::x',
    'ok\r::stop-commands::x',
    'x ##[error]boom',
    '%0A::set-output name=a::b',
    '%250a::x',
    '\u001b[0m::debug::x',
  ])('cannot become a workflow command: %j', (text) => {
    const out = sink.log(text);
    expect(out).not.toMatch(/^\s*::/m);
    expect(out).not.toMatch(/##\[|\r|%0a|%25|\u001b/i);
  });

  test('keep what they say', () => {
    expect(sink.log('a::b %d 100%\n\tc')).toBe('a::b %d 100%\n\tc');
  });
});

describe('Markdown', () => {
  test.each([
    'hello @octo/team and @alice',
    'Closes #1',
    'text\nfixes octo/shop#12 and resolves: GH-3, closes\n#4',
    '<img src=//evil.example/?d=1>',
    '<!-- hidden -->shown<!-- never closed',
    '<script>alert(1)</script> <a href="x">y</a>',
    '![pixel](https://evil.example/p.png)',
    '[x](javascript:alert(1)) [y](https://evil.example)',
    '[x][ref]\n\n[ref]: https://evil.example',
    '> [ref]: <https://evil.example>\n\n[ref]',
    'see https://evil.example/a or www.evil.example',
    '<https://evil.example>',
    'a stray ` tick\nthen ` @alice ` text',
    '| ` | @alice ` |\n| --- | --- |\n| a | b |',
    '\\` @alice \\`',
    '[x](https://git.example/octo/shop.evil) [x](https://git.example/octo/shop/../../evil)',
    '~~~\n@quoted\n~~~\n@alice',
  ])('that was not ours does nothing: %j', (text) => {
    expect(actsIn(sink.markdown(`intro\n\n\n\n\n${text}`))).toEqual([]);
  });

  test('shows no image, not even from where links may lead', () => {
    const out = sink.markdown('![x](https://git.example/octo/shop/raw/x.png)');
    expect(actsIn(out, ['https://git.example/octo/shop/'])).not.toContainEqual(expect.stringMatching(/image/));
  });

  test('closes no issue by its address, though links into the repository are allowed', () => {
    expect(sink.markdown('Fixes https://git.example/octo/shop/issues/9')).not.toMatch(/fixes\s/i);
  });

  test('keeps our marker and closing line at the top, allowed links, code, tables and folds', () => {
    const ours = [
      '<!-- ai-implement:issue-42:1000-1:pull-request -->',
      'Closes #42',
      '',
      '[#7](https://git.example/octo/shop/pull/7) `npx @scope/tool <x> && a --b`',
      '',
      '| a | b |',
      '| --- | --- |',
      '| `x \\| y`<br>z | 2 |',
      '',
      '<details>',
      '<summary>More</summary>',
      '',
      '```mermaid',
      'flowchart LR',
      '  t1["a<br/>b"]',
      '```',
      '',
      '</details>',
    ].join('\n');
    expect(sink.markdown(ours)).toBe(ours);
  });

  test('closes no issue by a line at the top that does not stand below our marker', () => {
    for (const text of ['Closes #9', 'a\nCloses #9', '<!-- not ours -->\nCloses #9', '\n\nCloses #9'])
      expect(actsIn(sink.markdown(text))).toEqual([]);
  });

  test('does not let our marks stand further down', () => {
    const out = sink.markdown('a\n\n\n\n\n<!-- ai-implement:issue-9:9:pull-request -->\n\nCloses #9\n');
    expect(out).not.toMatch(/<!--|Closes #9/);
  });

  test('is cut at 60,000 characters between blocks, with folds closed', () => {
    const table = `| a |\n| --- |\n${'| row |\n'.repeat(3000)}`;
    const text = `head\n\n<details>\n<summary>x</summary>\n\n${'word '.repeat(9000)}\n\n${table}\n\n\`\`\`\n${'code\n'.repeat(9000)}\`\`\`\n\n</details>\n`;
    const out = sink.markdown(text);
    expect(out.length).toBeLessThanOrEqual(60_000);
    expect(out.length).toBeGreaterThan(40_000);
    expect(out).not.toContain('| row |');
    expect(out.split('<details>').length).toBe(out.split('</details>').length);
    expect(out).toMatch(/left out: this text may have 60000 characters/);
  });

  test('is cut even when it is one endless line', () => {
    const out = sink.markdown('😀'.repeat(500_000));
    expect(out.length).toBeLessThanOrEqual(60_000);
    expect(out.length).toBeGreaterThan(59_000);
    expect(out).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

// The bound leaves room for a busy machine: what these inputs provoke in careless patterns takes minutes.
test.each([
  'eyJ',
  'eyJ.',
  '<!--',
  '[[',
  '](',
  '`',
  '` ``',
  '-----BEGIN PRIVATE KEY-----\n',
  'closes ',
  ' ',
  '\n',
  'a://b:c',
  '::',
  '\u001b]',
  '\u001b[1;',
  '@a',
  'www.',
  '\\`',
  '|a',
  '```\n',
  '<details>\n',
  key.slice(13, 22),
])('a megabyte of %j passes in time', (piece) => {
  const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
  for (const way of [sink.log, sink.markdown, sink.plain]) {
    const startedAt = performance.now();
    way(text);
    expect(performance.now() - startedAt).toBeLessThan(1500);
  }
});
