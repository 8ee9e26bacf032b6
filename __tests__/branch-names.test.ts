import { describe, expect, test } from '@jest/globals';
import { agentBranch, integrationBranch, runSlug, triggerSlug } from '../src/branch-names.ts';

test('an issue is its number, whatever its title', () => {
  expect(integrationBranch('ai', runSlug(42, '$(touch x)"; #`'))).toBe('ai/issue-42');
  expect(agentBranch('ai', 'issue-42', 'backend-dev', 'TASK-001')).toBe('ai/agents/issue-42/backend-dev/task-001');
});

describe('a feature text', () => {
  test.each([
    '$(touch x)"; #`',
    '../../etc/passwd',
    '--upload-pack=evil',
    'a..b~c^d:e?f*g[h\\i@{j}.lock',
    'HEAD',
    '',
    '   ',
    'Größe ändern 🚀',
    '日本語だけ',
    `${'long '.repeat(50)}`,
    'x\ny\0z',
  ])('%p gives a name that git and every file system take', (text) => {
    const slug = runSlug(null, text);
    expect(slug).toMatch(/^feature-[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(slug.length).toBeLessThanOrEqual(60);
  });

  test('reads like what was asked', () => {
    expect(runSlug(null, 'User login, with email & password!')).toMatch(
      /^feature-user-login-with-email-password-[0-9a-f]{6}$/,
    );
  });

  test('that begins like another has a name of its own, and the same text always the same', () => {
    const start = 'Add a very long description of a feature that begins alike ';
    expect(runSlug(null, `${start}A`)).not.toBe(runSlug(null, `${start}B`));
    expect(runSlug(null, 'one')).toBe(runSlug(null, 'one'));
    expect(runSlug(null, '日本')).not.toBe(runSlug(null, '中国'));
  });
});

test.each([
  [{ issueNumber: 42, pullRequestNumber: 7 }, 'issue-42'],
  [{ pullRequestNumber: 7 }, 'pull-7'],
  [{ feature: 'User login' }, runSlug(null, 'User login')],
])('what %j asked for leaves its traces under %s', (asked, slug) => {
  expect(triggerSlug({ issueNumber: null, pullRequestNumber: null, feature: null, ...asked })).toBe(slug);
});
