import { describe, expect, test } from '@jest/globals';
import type { Permission } from '../../src/ports.ts';
import { authorize } from '../../src/trigger/authorize.ts';
import { readOwnPullRequest } from '../../src/trigger/pull-request.ts';
import { skipCodes, type Skip, type SkipCode } from '../../src/trigger/skip-reasons.ts';
import type { PullRequest } from '../../src/types.ts';
import { commented, commentedOnPullRequest, dispatched, labeled, read, triggerOf } from './example-events.ts';

type Outcome = Skip | { readonly kind: 'trigger' | 'allowed' | 'ours' };
type Cases = Readonly<Record<string, () => Outcome | Promise<Outcome>>>;

const byBot = (login: string, type: 'Bot' | 'User', id = 1) =>
  labeled(({ sender }) => {
    Object.assign(sender, { login, type, id });
  });
const askedAs = (role: Permission) =>
  authorize(triggerOf('issues', labeled()), { permission: () => Promise.resolve(role) });
const failing = (message: string) =>
  authorize(triggerOf('issues', labeled()), { permission: () => Promise.reject(new Error(message)) });

const ours: PullRequest = {
  number: 5,
  url: 'http://github.test/octo/shop/pull/5',
  title: 'Add a login',
  body: 'Done.\n<!-- ai-implement:issue-42:r-1:pull-request -->',
  draft: false,
  state: 'open',
  author: 'github-actions[bot]',
  authorId: 41898282,
  headBranch: 'ai/issue-42',
  headCommit: 'a'.repeat(40),
  headRepository: 'octo/shop',
  baseBranch: 'main',
};
const asActions = () => Promise.resolve({ login: 'github-actions[bot]', id: 41898282 });
const continued = (change: Partial<PullRequest>, account = asActions) =>
  readOwnPullRequest(5, { owner: 'octo', name: 'shop' }, 'ai', {
    pullRequest: () => Promise.resolve({ ...ours, ...change }),
    account,
  });

/** Every code of the table has at least one event that reaches it: the type asks for it. */
const cases: Readonly<Record<SkipCode, Cases>> = {
  'forbidden-event': {
    'pull_request_target is refused': () => read('pull_request_target', labeled()),
    'workflow_run is refused': () => read('workflow_run', {}),
    'pull_request is refused': () => read('pull_request', labeled()),
    'push is refused, with an issue number in the inputs too': () => read('push', {}, { issueNumber: '42' }),
  },
  'other-event': {
    'schedule starts nothing': () => read('schedule', {}),
    'repository_dispatch starts nothing': () => read('repository_dispatch', dispatched(null)),
  },
  'other-action': {
    'an opened issue starts nothing': () => read('issues', { ...labeled(), action: 'opened' }),
    'an edited comment starts nothing': () =>
      read('issue_comment', { ...commented('/ai-implement'), action: 'edited' }),
  },
  'other-label': {
    'another label starts nothing on an issue that already has ours': () =>
      read(
        'issues',
        labeled(({ issue, label }) => {
          if (label) {
            issue.labels = [{ ...label }];
            label.name = 'bug';
          }
        }),
      ),
    'a label that only begins like ours starts nothing': () =>
      read(
        'issues',
        labeled(({ label }) => {
          if (label) label.name = 'ai-implement-later';
        }),
      ),
  },
  'no-command': {
    'a quoted command starts nothing': () => read('issue_comment', commented('> /ai-implement')),
    'a command in a code block starts nothing': () => read('issue_comment', commented('```\n/ai-implement\n```')),
    'a command on a later line starts nothing': () => read('issue_comment', commented('Hi\n\n/ai-implement')),
    'a command below an empty line starts nothing': () => read('issue_comment', commented('\n/ai-implement')),
    'an indented command starts nothing': () => read('issue_comment', commented('    /ai-implement')),
    'a longer word starts nothing': () => read('issue_comment', commented('/ai-implements this')),
    'an empty comment starts nothing': () => read('issue_comment', commented('')),
  },
  'own-comment': {
    'a comment with our marker starts nothing, whoever posted it': () =>
      read('issue_comment', commented('/ai-implement\n<!-- ai-implement:run=r-1 kind=progress -->')),
  },
  'unavailable-command': Object.fromEntries(
    ['Status', 'help', 'retry', 'retry TASK-002', 'approve', 'approve 1a2b3c4d', 'revise use Go'].map((words) => [
      `the command "${words}" is not available yet`,
      () => read('issue_comment', commented(`/ai-implement ${words}`)),
    ]),
  ),
  bot: {
    'a sender of type Bot is refused': () => read('issues', byBot('helper', 'Bot')),
    'a bot with the name of a listed one and another number is refused': () =>
      read('issues', byBot('renovate[bot]', 'Bot', 666), { bots: [29139614] }),
    'a bot by name whose number is not listed is refused, whatever its type': () =>
      read('issues', byBot('evil[bot]', 'User', 666), { bots: [29139614] }),
    'a job of a person that a listed bot runs again is refused, since only its name is known': () =>
      read('issues', labeled(), { bots: [29139614] }, 'renovate[bot]'),
    'a sender whose name ends in [bot] is refused': () => read('issues', byBot('evil[bot]', 'User')),
    'a re-run by a bot is refused': () => read('issues', labeled(), {}, 'renovate[bot]'),
    'a command by a bot is refused': () =>
      read(
        'issue_comment',
        commented('/ai-implement', ({ sender }) => {
          sender.type = 'Bot';
        }),
      ),
    'a dispatch by a bot is refused': () => {
      const payload = dispatched({ feature: 'x' });
      return read('workflow_dispatch', { ...payload, sender: { ...payload.sender, type: 'Bot' } });
    },
  },
  'no-write-access': {
    'a person who may only read is refused': () => askedAs('read'),
    'a triager is refused': () => askedAs('triage'),
    'a stranger is refused': () => askedAs('none'),
    'a member by association is refused when the API says read': () =>
      authorize(
        triggerOf(
          'issue_comment',
          commented('/ai-implement', ({ comment }) => {
            comment.author_association = 'MEMBER';
          }),
        ),
        { permission: () => Promise.resolve('read') },
      ),
    "a reader who runs a writer's job again is refused": () =>
      authorize(
        triggerOf('issues', labeled()),
        { permission: (login) => Promise.resolve(login === 'Codertocat' ? 'admin' : 'read') },
        'reader',
      ),
  },
  'permission-unknown': {
    'a 404 for the actor refuses': () => failing('GitHub has no such thing.'),
    'an outage of the API refuses': () => failing('GitHub did not answer: 502'),
  },
  'pull-request-closed': { 'a closed pull request is not continued': () => continued({ state: 'closed' }) },
  'pull-request-from-fork': {
    'a head in a fork is not continued': () => continued({ headRepository: 'mallory/shop' }),
    'a deleted head repository is not continued': () => continued({ headRepository: null }),
  },
  'pull-request-not-ours': {
    'a branch of a person is not continued': () => continued({ headBranch: 'feature/login' }),
    'a branch that only begins like our prefix is not continued': () => continued({ headBranch: 'air/issue-42' }),
    'a pull request without our marker is not continued': () => continued({ body: 'Done.' }),
  },
  'pull-request-by-another': {
    'a pull request that a person opened with our marker is not continued': () =>
      continued({ author: 'mallory', authorId: 7 }),
    'an account that has taken the login of our bot is not our bot': () => continued({ authorId: 7 }),
    'a pull request of an account that is gone is not continued': () => continued({ author: 'ghost', authorId: null }),
  },
  'own-account-unknown': {
    'where GitHub does not say whose our token is, no pull request is ours': () =>
      continued({}, () => Promise.reject(new Error('GitHub did not answer: 502'))),
  },
};

describe.each(Object.entries(cases))('%s', (code, events) => {
  test.each(Object.entries(events))('%s', async (_title, outcome) => {
    const result = await outcome();
    expect(result).toMatchObject({ kind: 'skip', code });
    expect(result.kind === 'skip' && result.reason).toMatch(/^\S.+\S$/);
  });
});

test('every reason of the table is reached above', () => {
  expect(skipCodes.filter((code) => Object.keys(cases[code as SkipCode]).length === 0)).toEqual([]);
});

describe('what is no reason to skip', () => {
  test.each(['admin', 'maintain', 'write'] as const)('a person with the role %s is allowed', async (role) => {
    expect(await askedAs(role)).toEqual({ kind: 'allowed' });
  });

  test('a person at a terminal is allowed without asking', async () => {
    const trigger = { ...triggerOf('issues', labeled()), source: 'terminal' as const };
    expect(await authorize(trigger, { permission: () => Promise.reject(new Error('asked')) })).toEqual({
      kind: 'allowed',
    });
  });

  test('a bot whose number is listed starts a run, and nobody asks for the access that a bot cannot have', async () => {
    const reading = read('issues', byBot('renovate[bot]', 'Bot', 29139614), { bots: [29139614] }, 'renovate[bot]');
    expect(reading).toMatchObject({ kind: 'trigger', isBot: true, trigger: { actor: 'renovate[bot]' } });
    const asked: string[] = [];
    const permission = (login: string) => (asked.push(login), Promise.resolve('read' as const));
    const trigger = reading.kind === 'trigger' ? reading.trigger : triggerOf('issues', labeled());
    expect(await authorize(trigger, { permission }, 'renovate[bot]', true)).toEqual({ kind: 'allowed' });
    expect(asked).toEqual([]);
    expect(await authorize(trigger, { permission }, 'reader', true)).toMatchObject({ code: 'no-write-access' });
  });

  test('a pull request of ours is continued on its branch, for its issue', async () => {
    expect(await continued({ headRepository: 'Octo/Shop' })).toMatchObject({
      kind: 'ours',
      branch: 'ai/issue-42',
      runId: 'r-1',
      issueNumber: 42,
    });
    const feature = { body: '<!-- ai-implement:feature-login-3f9a2c:r-1:pull-request -->' };
    expect(await continued(feature)).toMatchObject({ runId: 'r-1', issueNumber: null });
  });

  test('a pull request with the marker of an earlier version is ours too', async () => {
    expect(await continued({ body: '<!-- ai-implement:run=r-1 issue=42 -->' })).toMatchObject({ issueNumber: 42 });
    expect(await continued({ body: '<!-- ai-implement:run=r-1 issue=none -->' })).toMatchObject({ issueNumber: null });
  });

  test.each([
    ['/ai-implement', 'run', ''],
    ['/AI-Implement  ', 'run', ''],
    ['/ai-implement\tfix the header', 'run', 'fix the header'],
    ['/ai-implement stop', 'stop', ''],
    ['/ai-implement stop using jQuery', 'run', 'stop using jQuery'],
    ['/ai-implement retry uploads twice', 'run', 'retry uploads twice'],
    ['/ai-implement plan', 'plan', ''],
    ['/ai-implement plan the export\nas CSV', 'plan', 'the export\nas CSV'],
    ['/ai-implement planning page', 'run', 'planning page'],
    ['/ai-implement confirm the address first', 'run', 'confirm the address first'],
    ['/ai-implement confirm facade', 'run', 'confirm facade'],
  ])('the comment %j is the command %s with instructions', (body, command, instructions) => {
    const trigger = triggerOf('issue_comment', commentedOnPullRequest(body));
    expect(trigger).toMatchObject({ command, instructions });
    expect(trigger).not.toHaveProperty('confirm');
  });

  test.each([
    ['/ai-implement confirm 0123456789ab', 'run', '0123456789ab', ''],
    [
      '/ai-implement confirm 0123456789AB use the old button\nand keep it',
      'run',
      '0123456789ab',
      'use the old button\nand keep it',
    ],
    ['/ai-implement plan confirm 0123456789ab', 'plan', '0123456789ab', ''],
    ['/ai-implement confirm', 'run', '', ''],
  ])('the comment %j is the command %s that confirms %j', (body, command, confirm, instructions) => {
    expect(triggerOf('issue_comment', commented(body))).toMatchObject({ command, confirm, instructions });
  });
});
