import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSecretFinder } from '../../src/secrets/secret-finder.ts';
import { evasions } from '../support/evasions.ts';

const key = 'sk-ant-api03-TESTkeyA1b2C3d4E5f6G7h8I9j0K1l2M3n4';
const token = 'test+token/with "quotes" & 50% A1b2';
const finder = createSecretFinder({ secrets: [key, token] });

/** No ten characters in a row of the form are left, whatever stands between them. */
function expectGone(text: string, form: string): void {
  const bare = (one: string): string => one.replace(/[\s"'`%\\\u200b]/g, '');
  const squeezed = bare(text);
  for (let i = 0; i + 10 <= bare(form).length; i++) expect(squeezed).not.toContain(bare(form).slice(i, i + 10));
}

describe('our own secrets', () => {
  const caught = evasions(key).filter(({ isHopeless }) => !isHopeless);

  test('fifteen ways to hide one are tried, and all but one are caught', () => {
    expect(evasions(key)).toHaveLength(15);
    expect(caught).toHaveLength(14);
  });

  test.each(caught)('are taken out and told: $name', ({ form }) => {
    const text = `before (${form}) after`;
    const out = finder.redact(text);
    expect(out).toMatch(/^before \(.*\*\*\*.*\) after$/s);
    expectGone(out, form);
    expect(out).not.toMatch(/sk-a/);
    expect(finder.find(`first line\n${text}`)).toContainEqual({ rule: 'own-secret', own: true, line: 2 });
  });

  test.each([
    ['base64 for addresses', Buffer.from(`?${token}`).toString('base64url')],
    ['base64 as git sends it', Buffer.from(`x-access-token:${key}`).toString('base64')],
    ['URL form', encodeURIComponent(token)],
    ['every byte percent-coded', Buffer.from(key).toString('hex').replace(/../g, '%$&')],
    ['JSON form', JSON.stringify(token)],
    ['hex in upper case', Buffer.from(key).toString('hex').toUpperCase()],
    ['a hexdump', Buffer.from(key).toString('hex').replace(/.{4}/g, '$& ')],
    ['cut in two with a page between', `${key.slice(0, 28)}${'\n'.repeat(500)}${key.slice(28)}`],
  ])('are taken out: %s', (_, form) => {
    const out = finder.redact(`<${form}>`);
    expect(out).toContain('***');
    expectGone(out, form);
  });

  test('are not seen in what a vendor begins every key with, in any form', () => {
    const prefix = 'sk-ant-api03-';
    const text = [prefix, Buffer.from(prefix).toString('base64'), Buffer.from(prefix).toString('hex')].join(' | ');
    expect(finder.redact(text)).toBe(text);
    expect(finder.find(text)).toEqual([]);
  });

  test('are told by the signature where they are signed tokens, whose beginnings other tokens share', () => {
    const [head, body] = ['eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9', 'eyJpc3MiOiJodHRwczovL3ZzdG9rZW4iLCJhIjoxfQ'];
    const signature = 'Qx3vK9mW2pLr7TzYb4Nc8HdJf6GsAe1u5iOo0VkRtUw';
    const own = createSecretFinder({ secrets: [`${head}.${body}.${signature}`] });
    expect(own.find(`${head}.${body}`)).toEqual([]);
    expect(own.find(`a ${signature.slice(3, 20)} b`)).toEqual([{ rule: 'own-secret', own: true, line: 1 }]);
  });

  test('a word that a local server takes for a key is hidden, and no sign of an exposure', () => {
    const local = createSecretFinder({ secrets: ['ollama', 'sk-no-key-required'] });
    expect(local.redact('ollama, sk-no-key-required')).toBe('***, ***');
    expect(local.find('ollama, sk-no-key-required')).toEqual([]);
  });

  test('too short to be one, they are not searched for', () => {
    expect(createSecretFinder({ secrets: ['', 'abc'] }).redact('abcabc')).toBe('abcabc');
  });

  test('leave no trace in what is redacted twice, and nothing else is taken then', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...evasions(key).map(({ form }) => form),
        token,
        'https://me:s3cret@x.example/',
        '***',
        '\n',
        '"',
      ),
      fc.string({ maxLength: 12 }),
      fc.nat({ max: 30 }).map((n) => key.slice(n, n + 12)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const once = finder.redact(parts.join(''));
        expect(finder.redact(once)).toBe(once);
        expect(finder.find(once)).toEqual([]);
      }),
    );
  });
});

describe('keys of others', () => {
  test.each([
    ['github-token', 'ghp_0123456789abcdefghijABCDEFGHIJ012345'],
    ['github-token', `github_pat_${'A1b2C3d4'.repeat(6)}`],
    ['anthropic-key', `sk-ant-oat01-${'aB3'.repeat(10)}z9Y8x7`],
    ['openai-key', `sk-proj-${'Ab1Cd2Ef3'.repeat(4)}`],
    ['aws-key-id', 'AKIAIOSFODNN7QWERTYU'],
    ['slack-token', 'xoxb-1234567890-abcdefghij'],
    ['npm-token', `npm_${'a1B2c3D4'.repeat(5)}`],
    ['json-web-token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.${'s1A'.repeat(8)}`],
    ['private-key', `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(4)}\n-----END RSA PRIVATE KEY-----`],
    ['private-key', `-----BEGIN PRIVATE KEY-----\\n${'MIIEowIBAAKCAQEA'.repeat(4)}`],
  ])('are taken out and told by the rule %s: %s', (rule, looksLikeKey) => {
    expect(finder.redact(`a ${looksLikeKey} b`)).toBe('a *** b');
    expect(finder.find(`\n\na ${looksLikeKey} b`)).toEqual([{ rule, own: false, line: 3 }]);
  });

  test('user and password are taken out of addresses, which stay', () => {
    const text = 'git clone https://me:s3cretWord@git.example/x.git';
    expect(finder.redact(text)).toBe('git clone https://***@git.example/x.git');
    expect(finder.find(text)).toEqual([{ rule: 'url-password', own: false, line: 1 }]);
  });

  test('an address with an @ later in the code around it has no password', () => {
    const text = `{"url":"http://localhost","to":"a@b.example"}`;
    expect(finder.redact(text)).toBe(text);
  });

  test.each([
    'AKIAIOSFODNN7EXAMPLE',
    `ghp_${'x'.repeat(36)}`,
    'sk-ant-your-key-goes-here',
    'postgres://user:password@localhost/app',
    'https://me:${TOKEN}@git.example/x.git',
    '//registry.npmjs.org/:_authToken=${NPM_TOKEN}',
  ])('of an example are not told: %s', (example) => {
    expect(finder.find(example)).toEqual([]);
  });

  test('ordinary text, branch names and hashes are left alone', () => {
    const text = `task-001-something-quite-long-as-a-branch ${'a1b2c3d4'.repeat(5)} risk-management sk-ant-api03- done`;
    expect(finder.redact(text)).toBe(text);
    expect(finder.find(text)).toEqual([]);
  });

  test('never appear in what is told of them', () => {
    const hits = finder.find(`${key}\nghp_0123456789abcdefghijABCDEFGHIJ012345`);
    expect(hits).toEqual([
      { rule: 'own-secret', own: true, line: 1 },
      { rule: 'github-token', own: false, line: 2 },
    ]);
  });
});
