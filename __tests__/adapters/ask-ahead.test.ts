import { expect, test } from '@jest/globals';
import { askAhead } from '../../src/adapters/ask-ahead.ts';
import { createGitHub } from '../../src/adapters/github-api.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { startGitHub } from '../../testbed/github/server.ts';

test('what was asked ahead is asked once, answered right, and asked again when it is wanted again', async () => {
  const bed = await startGitHub({
    users: ['alice'],
    repositories: [{ name: 'acme/shop', collaborators: { alice: 'write' } }],
    tokens: {},
  });
  try {
    await bed.seedRepository('acme/shop', { 'a.txt': 'a\n' });
    const issue = await bed.createIssue({ repository: 'acme/shop', title: 'T', body: 'B', author: 'alice' });
    const token = await bed.mintToken({ issues: 'write', 'pull-requests': 'write', contents: 'write' }, 'acme/shop');
    const github = createGitHub({
      apiUrl: bed.url,
      token,
      repository: { owner: 'acme', name: 'shop' },
      clock: systemClock,
      onRetry: () => undefined,
    });
    const asked: string[] = [];
    const counted = {
      ...github,
      comments: (number: number) => (asked.push(`comments ${number}`), github.comments(number)),
      findPullRequest: (branch: string) => (asked.push(`pull ${branch}`), github.findPullRequest(branch)),
      issueEdits: (number: number) => (asked.push(`edits ${number}`), github.issueEdits(number)),
      readFile: (branch: string, path: string) => (asked.push(`${branch}:${path}`), github.readFile(branch, path)),
    };
    const file = { branch: 'main', path: 'a.txt' };
    const about = { issueNumber: issue.number, branch: 'ai/issue-1', file };
    const ahead = askAhead(counted, { ...about, asksForEdits: true });
    const atOnce = [`comments ${issue.number}`, 'pull ai/issue-1', `edits ${issue.number}`, 'main:a.txt'];
    expect(asked).toEqual(atOnce);
    expect((await ahead.issueEdits(issue.number)).edits).toEqual([]);
    expect(await ahead.readFile('main', 'b.txt')).toBeNull();
    expect(await ahead.readFile('main', 'a.txt')).toBe('a\n');
    expect(asked.splice(0)).toEqual([...atOnce, 'main:b.txt']);
    askAhead(counted, { ...about, asksForEdits: false });
    expect(asked.splice(0)).toEqual(atOnce.filter((one) => !one.startsWith('edits')));
    await github.createComment(issue.number, 'Later.');
    expect(await ahead.findPullRequest('ai/other')).toBeNull();
    expect(await ahead.findPullRequest('ai/issue-1')).toBeNull();
    await ahead.comments(issue.number);
    expect(asked).toEqual(['pull ai/other']);
    expect((await ahead.comments(issue.number)).map(({ body }) => body)).toContain('Later.');
    expect(asked).toEqual(['pull ai/other', `comments ${issue.number}`]);
  } finally {
    await bed.close();
  }
});
