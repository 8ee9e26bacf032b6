import { describe, expect, test } from '@jest/globals';
import { credentialWarning, includedPaths } from '../../src/preflight/credential-warning.ts';

const warned = (text: string, name = '.git/config') => credentialWarning([{ name, text }]);
const SECRET = 'eC1hY2Nlc3MtdG9rZW46Z2hzX3g=';

/** As actions/checkout up to version 5 leaves it. */
const persisted = `[core]
	repositoryformatversion = 0
[remote "origin"]
	url = https://github.test/octo/shop
	fetch = +refs/heads/*:refs/remotes/origin/*
[http "https://github.test/"]
	extraheader = AUTHORIZATION: basic ${SECRET}
`;

describe('a credential in the checkout', () => {
  test('as an extra header is named with the line to add, and is not shown', () => {
    const warning = warned(persisted) ?? '';
    expect(warning).toContain('an `extraheader` in `.git/config`');
    expect(warning).toContain('`persist-credentials: false`');
    expect(warning).not.toContain(SECRET);
  });

  test.each([
    [
      'a header on one line with its section',
      `[http "https://github.test/"] extraHeader = "authorization: bearer ${SECRET}"`,
    ],
    [
      'a header in a section of the older spelling',
      `[HTTP.https://github.test/]\nEXTRAHEADER=Authorization: Basic ${SECRET}`,
    ],
    ['a header on a broken line', `[http "x"]\nextraheader = \\\nAUTHORIZATION: basic ${SECRET}`],
    [
      'a name and a password in the address of the remote',
      `[remote "origin"]\n\turl = https://x-access-token:${SECRET}@github.test/octo/shop`,
    ],
    ['a password in an address to push to', `[remote "origin"]\n\tpushurl = https://:${SECRET}@github.test/octo/shop`],
  ])('is found as %s', (_, text) => {
    expect(warned(text)).not.toBeNull();
    expect(warned(text)).not.toContain(SECRET);
  });

  test('in an included file is named by that file', () => {
    const texts = [
      { name: '.git/config', text: '[includeIf "gitdir:/w/.git"]\n\tpath = /t/git-credentials-1.config\n' },
      { name: 'git-credentials-1.config', text: persisted },
    ];
    expect(credentialWarning(texts)).toContain('an `extraheader` in `git-credentials-1.config`');
  });
});

describe('no credential', () => {
  test.each([
    ['a plain checkout', persisted.replace(/\[http[^]*/, '')],
    ['a header that is none of ours', '[http "x"]\n\textraheader = X-Trace: 1\n'],
    ['a name without a password', '[remote "o"]\n\turl = ssh://git@github.test/octo/shop\n'],
    ['a comment', `# [http "x"]\n#\textraheader = AUTHORIZATION: basic ${SECRET}\n`],
    ['an empty file', ''],
  ])('is found in %s', (_, text) => {
    expect(warned(text)).toBeNull();
  });
});

test('files are included on a condition and without one', () => {
  const text = '[include]\n\tpath = a\n[includeIf "gitdir:/w/"]\n\tpath = "/t/b c"\n[core]\n\tpath = no\n';
  expect(includedPaths(text)).toEqual(['a', '/t/b c']);
});
