import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { GitHub } from '../../src/ports.ts';
import { createBranchPusher, type BranchPusher } from '../../src/publish/branch-pusher.ts';
import { publishRun, type PublishRunInput } from '../../src/publish/publish-run.ts';
import type { DiffFinding, DiffJudgement, PullRequest, RunOutcome, TaskResult } from '../../src/types.ts';
import { git, makeBed, type Bed } from '../adapters/git-bed.ts';
import { unaskedGitHub } from '../support/unasked-github.ts';
import {
  finished,
  integrationOf,
  opening,
  planned,
  planOf,
  pullRequestOf,
  resultOf,
  stateAfter,
  taskOf,
  verificationOf,
  worked,
} from '../support/run-events.ts';
import { recordedReporter, type Recorded } from '../support/spine.ts';

let bed: Bed;
let merged: string;
let reporter: Recorded;
/** What a start of the run that was killed has left on GitHub. */
let there: {
  pullRequest: PullRequest | null;
  comment: (issueNumber: number, lines: readonly string[]) => { id: number; url: string } | null;
};
let calls: { readonly name: string; readonly input: unknown }[];
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'a\n' });
  merged = await bed.store.commit(
    await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content: 'b\n' }]),
    [bed.base],
    'b',
  );
  reporter = recordedReporter();
  calls = [];
  there = { pullRequest: null, comment: () => null };
});
afterEach(() => bed.close());

/** Only what publishing asks of GitHub; anything else is a failure of the test. */
function github(): GitHub {
  const answer = <T>(name: string, input: unknown, value: T): Promise<T> => {
    calls.push({ name, input });
    return Promise.resolve(value);
  };
  return {
    ...unaskedGitHub,
    findPullRequest: () => Promise.resolve(there.pullRequest),
    findComment: (number, lines) => Promise.resolve(there.comment(number, lines)),
    updateComment: (id, body) => answer(`edit ${id}`, body, { id, url: `https://example.invalid/${id}` }),
    openPullRequest: (input) => answer('open', input, pullRequestOf({ draft: input.draft })),
    updatePullRequest: (number, input) => answer(`update ${number}`, input, pullRequestOf()),
    createComment: (number, body) => answer(`comment ${number}`, body, { id: 9, url: 'https://example.invalid/9' }),
  };
}

const completed = () => resultOf(taskOf(1), { status: 'completed', reason: null, commit: merged });
const base = (over: Partial<PublishRunInput['base']> = {}) => ({
  commit: bed.base,
  baseBranch: 'main',
  branch: 'ai/issue-42',
  expected: Promise.resolve(null),
  pullRequest: null,
  ...over,
});

const sound: DiffJudgement = { blocks: [], flags: [] };

/** The state that these results leave behind. */
const stateOf = (results: readonly TaskResult[], { judgement = sound, weakened = [] }: Judged) =>
  stateAfter([
    ...opening(),
    ...planned(planOf(results.map(({ task }) => task))),
    ...results.flatMap(worked),
    ...finished(verificationOf({ weakened }), integrationOf(), judgement),
  ]);

interface Judged {
  readonly judgement?: DiffJudgement;
  readonly weakened?: readonly string[];
}

async function publish(
  over: Partial<PublishRunInput> = {},
  hub: GitHub | null = github(),
  pusher?: BranchPusher,
  earlierRunIds: readonly string[] = [],
  judged: Judged = {},
): Promise<RunOutcome> {
  const { results = [completed()] } = over;
  return publishRun(
    { base: base(), integration: integrationOf({ commit: merged }), ...over, results },
    {
      git: bed.store,
      github: hub,
      reporter,
      state: () => stateOf(results, judged),
      pusher: pusher ?? createBranchPusher({ git: bed.store, reporter, judge: () => Promise.resolve(sound) }),
      clean: (markdown) => `[clean] ${markdown}`,
      cleanTitle: (title) => `[title] ${title}`,
      earlierRunIds,
    },
  );
}

const pushedHead = (): string => git(bed.checkout, 'for-each-ref', '--format=%(objectname)', 'refs/heads/ai/issue-42');

describe('a run whose tasks are all completed', () => {
  test('opens a pull request that is ready, with a summary, all of it cleaned', async () => {
    expect(await publish()).toMatchObject({ kind: 'opened', branch: 'ai/issue-42' });
    expect(pushedHead()).toBe(merged);
    expect(calls.map(({ name }) => name)).toEqual(['open', `comment ${pullRequestOf().number}`]);
    expect(calls[0]?.input).toMatchObject({ head: 'ai/issue-42', base: 'main', draft: false });
    expect(calls[0]?.input).toMatchObject({
      title: expect.stringMatching(/^\[title\] /),
      body: expect.stringMatching(/^\[clean\] /),
    });
    expect(calls[1]?.input).toMatch(/^\[clean\] /);
    expect(reporter.events.map(({ type }) => type)).toEqual(['branch.pushed', 'comment.saved']);
  });

  test('updates the pull request that goes on, and leaves its title alone', async () => {
    const pullRequest: PullRequest = pullRequestOf({ number: 8, title: 'A title a person wrote' });
    expect(await publish({ base: base({ pullRequest }) })).toMatchObject({ kind: 'updated' });
    expect(calls[0]).toMatchObject({ name: 'update 8', input: { title: 'A title a person wrote' } });
  });

  test('leaves a branch where there is no GitHub', async () => {
    expect(await publish({}, null)).toEqual({ kind: 'built', branch: 'ai/issue-42' });
    expect(pushedHead()).toBe(merged);
  });
});

describe('a run that was killed between doing and knowing', () => {
  const ours = '<!-- ai-implement:issue-42:1000-1:pull-request -->\nHalf.';

  test('updates the pull request that it opened, and edits its summary', async () => {
    there = {
      pullRequest: pullRequestOf({ body: ours, title: 'A title a person wrote' }),
      comment: (number, lines) =>
        lines.includes('<!-- ai-implement:issue-42:1000-1:summary -->') ? { id: 31, url: `of ${number}` } : null,
    };
    expect(await publish()).toMatchObject({ kind: 'opened' });
    const { number } = pullRequestOf();
    expect(calls.map(({ name }) => name)).toEqual([`update ${number}`, 'edit 31']);
    expect(calls[0]?.input).toMatchObject({ title: 'A title a person wrote' });
    expect(reporter.of('comment.saved')).toMatchObject([{ id: 31 }]);
  });

  test("does nothing twice where an earlier attempt's markers are found", async () => {
    there.pullRequest = pullRequestOf({ body: '<!-- ai-implement:issue-42:999-1:pull-request -->' });
    there.comment = (_number, lines) =>
      lines.includes('<!-- ai-implement:issue-42:999-1:summary -->') ? { id: 32, url: '' } : null;
    await publish({}, github(), undefined, ['999-1']);
    expect(calls.map(({ name }) => name)).toEqual([`update ${pullRequestOf().number}`, 'edit 32']);
  });

  test("leaves the words of a person's own pull request of the branch alone", async () => {
    there.pullRequest = pullRequestOf({ body: 'By hand.', number: 78 });
    expect(await publish()).toMatchObject({ kind: 'opened', pullRequest: { number: 78 } });
    expect(calls.map(({ name }) => name)).toEqual(['comment 78']);
  });

  test('pushes the branch again without complaint', async () => {
    await publish();
    expect(await publish()).toMatchObject({ kind: 'opened' });
    expect(pushedHead()).toBe(merged);
  });
});

describe('a run with a task that is not completed', () => {
  const stuck = () => resultOf(taskOf(2), { status: 'failed', reason: 'It was stuck.', commit: null });

  test('opens a draft and says why', async () => {
    const outcome = await publish({ results: [completed(), stuck()] });
    expect(outcome).toMatchObject({
      kind: 'partial',
      branch: 'ai/issue-42',
      reason: 'TASK-002 failed: it was stuck.',
    });
    expect(calls[0]?.input).toMatchObject({ draft: true });
  });

  test('has its reason on one line, whatever an agent said', async () => {
    const reason = `The agent is blocked: Which?\n- a\n::error::b ${'x'.repeat(2_000)}`;
    const outcome = await publish({ results: [completed(), resultOf(taskOf(2), { status: 'partial', reason })] });
    const said = outcome.kind === 'partial' ? outcome.reason : '';
    expect(said).toMatch(/^TASK-002 is not finished: the agent is blocked: Which\? - a ::error::b x+…$/);
    expect(said.length).toBeLessThanOrEqual(1_000);
  });

  test('is partial in a terminal too', async () => {
    const outcome = await publish({ results: [completed(), stuck()] }, null);
    expect(outcome).toMatchObject({ kind: 'partial', pullRequest: null, reason: 'TASK-002 failed: it was stuck.' });
  });

  test('publishes the unfinished work of its only task', async () => {
    const half = resultOf(taskOf(1), { status: 'partial', reason: 'The limit.', commit: merged });
    const outcome = await publish({
      results: [half],
      integration: integrationOf({ commit: bed.base, result: merged }),
    });
    expect(outcome).toMatchObject({ kind: 'partial', reason: 'TASK-001 is not finished: the limit.' });
    expect(pushedHead()).toBe(merged);
  });

  test('publishes nothing where nothing was merged, though several tasks have unfinished work', async () => {
    const halves = [1, 2].map((n) => resultOf(taskOf(n), { status: 'partial', reason: 'The limit.', commit: merged }));
    const outcome = await publish({
      results: halves,
      integration: integrationOf({ commit: bed.base, result: null }),
    });
    expect(outcome).toEqual({
      kind: 'partial',
      pullRequest: null,
      branch: null,
      reason: expect.stringContaining('TASK-001 is not finished: the limit.'),
    });
    expect(calls).toEqual([]);
    expect(pushedHead()).toBe('');
  });
});

describe('a run whose change was judged', () => {
  const found = (over: Partial<DiffFinding>): DiffFinding => ({
    rule: 'manifest',
    path: 'package.json',
    line: null,
    words: 'It changes dependencies: "left-pad".',
    ...over,
  });

  test('as blocked publishes nothing, and says which rule, where and why', async () => {
    const block = found({ rule: 'secret', path: 'src/a.js', line: 7, words: 'It holds what looks like a secret.' });
    const outcome = await publish({}, github(), undefined, [], { judgement: { blocks: [block], flags: [] } });
    expect(outcome).toEqual({
      kind: 'partial',
      pullRequest: null,
      branch: null,
      reason: 'Not published (secret): src/a.js:7: It holds what looks like a secret.',
    });
    expect(calls).toEqual([]);
    expect(pushedHead()).toBe('');
  });

  test('as flagged opens a draft with the list at its top, which still closes the issue', async () => {
    const outcome = await publish({}, github(), undefined, [], { judgement: { blocks: [], flags: [found({})] } });
    expect(outcome).toMatchObject({ kind: 'opened' });
    expect(calls[0]?.input).toMatchObject({ draft: true, body: expect.stringContaining('Closes #42') });
    const { body } = Object(calls[0]?.input);
    expect(body).toMatch(/Look at these first[^]*`package\.json`[^]*left-pad[^]*1 of 1 task completed/);
  });

  test('opens a draft where tests were weakened', async () => {
    await publish({}, github(), undefined, [], { weakened: ['a.test.js: "adds" is skipped'] });
    expect(calls[0]?.input).toMatchObject({ draft: true, body: expect.stringContaining('Look at these first') });
  });
});

test('a run that changed nothing opens nothing, and says what the agent says', async () => {
  const claims = { summary: 'It is there already.', testsRun: [], notes: '' };
  const nothing = resultOf(taskOf(1), { status: 'completed', reason: null, commit: null, claims });
  const outcome = await publish({
    results: [nothing],
    integration: integrationOf({ commit: bed.base, result: null }),
  });
  expect(outcome).toMatchObject({
    kind: 'partial',
    reason: 'No file was changed. The agent says: It is there already.',
  });
  expect(calls).toEqual([]);
});

test('a branch that moved meanwhile is not overwritten', async () => {
  git(bed.checkout, 'branch', 'ai/issue-42', 'main');
  await expect(publish()).rejects.toMatchObject({ code: 'push-refused' });
  expect(pushedHead()).toBe(bed.base);
  expect(calls).toEqual([]);
});

test('an agent branch that could not be pushed is a warning', async () => {
  const pusher: BranchPusher = {
    push: () => undefined,
    finish: () => Promise.resolve([{ branch: 'ai/agents/x', error: new Error('no') }]),
  };
  await publish({}, github(), pusher);
  expect(reporter.of('warning')).toEqual([
    { type: 'warning', message: 'The branch ai/agents/x could not be pushed: no' },
  ]);
});
