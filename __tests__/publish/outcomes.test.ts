import { describe, expect, test } from '@jest/globals';
import type { JournalEntry, RunEvent } from '../../src/events.ts';
import { renderJobSummary } from '../../src/publish/job-summary.ts';
import { renderProgressComment } from '../../src/publish/progress-comment.ts';
import { renderPullRequestBody } from '../../src/publish/pull-request-body.ts';
import { renderSummaryComment } from '../../src/publish/summary-comment.ts';
import { renderTerminalSummary } from '../../src/publish/terminal-summary.ts';
import { renderReport } from '../../src/report/render-report.ts';
import type { Check, RunOutcome } from '../../src/types.ts';
import * as runs from '../support/run-events.ts';

const pullRequest = runs.pullRequestOf();
const saved = ['ai/agents/issue-42/backend-dev/task-001'];

const endings: readonly (readonly [string, RunOutcome, comment: RegExp, terminal: RegExp])[] = [
  [
    'opened',
    { kind: 'opened', pullRequest, branch: 'ai/issue-42' },
    /✅ Opened pull request \[#77\]\(https/,
    /SUCCESS - Ready to merge: 2 of 2 checks passed, 48 tests\nPull request: https:\/\/git.example/,
  ],
  ['updated', { kind: 'updated', pullRequest, branch: 'ai/issue-42' }, /✅ Updated pull request \[#77\]/, /SUCCESS/],
  [
    'built',
    { kind: 'built', branch: 'ai/login' },
    /✅ Built on `ai\/login`/,
    /SUCCESS - Ready to merge: 2 of 2 checks passed, 48 tests\nBranch: ai\/login/,
  ],
  [
    'partial',
    { kind: 'partial', pullRequest: null, branch: 'ai/x', reason: 'Nothing merged.' },
    /⚠️ Stopped early[^]*Reason: Nothing merged\.[^]*on `ai\/x`[^]*start the run again/,
    /PARTIAL - Nothing merged\./,
  ],
  ['planned', { kind: 'planned' }, /📋 The plan is ready[^]*comment `\/ai-implement`/, /PLANNED - nothing was built/],
  [
    'skipped',
    { kind: 'skipped', reason: 'Not our label.' },
    /⏭️ Not run[^]*Reason: Not our label\./,
    /SKIPPED - Not our label\./,
  ],
  [
    'failed',
    { kind: 'failed', stage: 'publish', code: 'github-bad-token', error: 'GitHub does not accept the token.', saved },
    /❌ Failed while writing the pull request[^]*does not accept the token[^]*\*\*What to do:\*\* Pass `\$\{\{ github\.token[^]*saved on: `ai\/agents/,
    /FAILED in publish\n {2}GitHub does not accept/,
  ],
  [
    'failed by a bug of ours',
    { kind: 'failed', stage: 'plan', code: null, error: 'x is undefined\n  at y', saved: [] },
    /```\nx is undefined\n {2}at y\n```[^]*Please report it/,
    /FAILED in plan\n {2}x is undefined/,
  ],
];

test.each(endings)('a run that ended %s says so everywhere', (_, outcome, comment, terminal) => {
  const state = runs.stateAfter([...runs.wholeRun(), runs.ended(outcome)]);
  expect(renderProgressComment(state)).toMatch(comment);
  expect(renderJobSummary(state)).toMatch(comment);
  expect(renderTerminalSummary(state)).toMatch(terminal);
});

describe('what was estimated', () => {
  const estimates = runs.threeTasks.map(({ id }, i) => ({
    ...{ taskId: id, turns: 4, expectedNanoUsd: (i + 1) * 1e8, worstNanoUsd: (i + 1) * 1e9 },
  }));
  const estimate = { tasks: estimates, expectedNanoUsd: 620_000_000, worstNanoUsd: 6_020_000_000 };
  const plan = runs.planOf(runs.threeTasks, { estimate });
  const [first] = runs.threeTasks;
  const entries = (events: readonly RunEvent[]) =>
    events.map((event, seq): JournalEntry => ({ seq, atMs: seq, event }));
  const textsOf = (events: readonly RunEvent[]): Readonly<Record<string, string>> => {
    const state = runs.stateAfter(events);
    const texts = {
      comment: renderProgressComment(state),
      summary: renderJobSummary(state),
      'pull request': renderPullRequestBody(state),
      report: renderReport(entries(events)).replace(/<[^>]*>/g, ' '),
      terminal: renderTerminalSummary(state),
    };
    return Object.fromEntries(Object.entries(texts).map(([place, text]) => [place, text.replace(/[\\*|\s]+/g, ' ')]));
  };

  test('is stated for each task and in all, expected and at worst', () => {
    const planned = [...runs.opening(), ...runs.planned(plan), runs.ended({ kind: 'planned' })];
    for (const [place, text] of Object.entries(textsOf(planned))) {
      for (const amounts of [
        /\$0\.10 (expected, )?\$1\.00/,
        /\$0\.30 (expected, )?\$3\.00/,
        /\$0\.62 (expected, )?\$6\.02/,
      ]) {
        expect({ place, text }).toEqual({ place, text: expect.stringMatching(amounts) });
      }
    }
  });

  test('stands beside what was spent afterwards', () => {
    if (first === undefined) throw new Error('no task');
    const worked = [...runs.opening(), ...runs.planned(plan), ...runs.worked(runs.resultOf(first))];
    const texts = textsOf([
      ...worked,
      ...runs.finished(runs.verificationOf()),
      runs.ended({ kind: 'built', branch: 'b' }),
    ]);
    const table = /TASK-001 \$0\.10 \$1\.00 \$0\.0800/;
    expect(texts).toEqual({
      comment: expect.stringMatching(
        /\$0\.0800 \(\$0\.10 expected, \$1\.00 at worst\).*\$0\.62 expected.*spent: \$0\.10/,
      ),
      summary: expect.stringMatching(table),
      'pull request': expect.stringMatching(table),
      report: expect.stringMatching(
        /\$0\.10 estimate: \$0\.62.*TASK-001.*\$0\.0800.*estimate: \$0\.10 expected, \$1\.00/,
      ),
      terminal: expect.stringMatching(
        /Cost: \$0\.10 \(estimate: \$0\.62.*\$0\.0800 \(\$0\.10 expected, \$1\.00 at worst\)/,
      ),
    });
  });
});

describe('the last line of the terminal', () => {
  const { checkOf, uncountedCheck } = runs;
  const statusOf = (final: readonly Check[]): string => {
    const unchecked = runs.wholeRun().filter(({ type }) => type !== 'verification.ended');
    const verification = runs.verificationOf({ final });
    const outcome = { kind: 'built', branch: 'ai/login' } as const;
    const state = runs.stateAfter([...unchecked, { type: 'verification.ended', verification }, runs.ended(outcome)]);
    const lines = /^Status: [^]*(?=\nBranch)/m.exec(renderTerminalSummary(state))?.[0] ?? '';
    return lines.replace(/\s+/g, ' ');
  };

  test.each<readonly [string, readonly Check[], string]>([
    ['there is no check', [], '⚠️ DONE - nothing was measured: no check of the project was found'],
    [
      'no check can be run',
      [uncountedCheck('test', 127)],
      '⚠️ DONE - nothing was measured: no check could be run here',
    ],
    ['no check passes', [uncountedCheck('test', 1)], '⚠️ DONE - no check passes, neither here nor on the base'],
    [
      'no check passes for tests that failed before',
      [checkOf({ exitCode: 1, passed: 1_374, failed: 4 })],
      '⚠️ DONE - 1,374 tests passed; the 4 that fail failed on the base, too',
    ],
    [
      'some checks pass',
      [checkOf(), uncountedCheck('lint', 126)],
      '2 checks passed, 24 tests, 1 could not be run here',
    ],
    [
      'some failed before',
      [uncountedCheck('a', 0), uncountedCheck('b', 2)],
      '1 of 2 checks passed, 1 failed before, too',
    ],
  ])('says what was measured where %s', (_, final, words) => {
    expect(statusOf(final)).toContain(words);
    expect(statusOf(final).includes('SUCCESS')).toBe(final.some(({ exitCode }) => exitCode === 0));
  });
});

test('a hint that the error carries already is said once', () => {
  const hint = 'Pass `${{ github.token }}` as `github-token`, or a token that has not expired.';
  const outcome = {
    kind: 'failed',
    stage: 'publish',
    code: 'github-bad-token',
    error: `No.\n${hint}`,
    saved: [],
  } as const;
  const text = renderProgressComment(runs.stateAfter([...runs.opening(), runs.ended(outcome)]));
  expect(text.split('a token that has not expired')).toHaveLength(2);
});

test('a run stopped by a limit names it, its value and what was spent', () => {
  const outcome = {
    kind: 'partial',
    pullRequest: runs.pullRequestOf({ draft: true }),
    branch: 'ai/issue-42',
    reason: 'Cost.',
  } as const;
  const state = runs.stateAfter([...runs.limitedRun(), runs.ended(outcome)]);
  for (const text of [renderProgressComment(state), renderJobSummary(state)]) {
    expect(text).toContain('The limit `limits.cost_limit_usd` is \\$0.16; used: \\$0.15.');
    expect(text).toContain('TASK-003 was skipped: TASK-002 was not completed.');
    expect(text).toContain('draft pull request [#77]');
    expect(text.split('used: ')).toHaveLength(2);
  }
  expect(renderTerminalSummary(state)).toContain(
    'Status: ⚠️ PARTIAL\n  • The limit limits.cost_limit_usd is $0.16; used: $0.15.\n  • TASK-002 is not finished',
  );
});

test('what was under way when a run failed is not shown as going on', () => {
  const [first, second] = runs.threeTasks;
  if (!first || !second) throw new Error('no tasks');
  const events = [...runs.opening(), ...runs.planned(runs.planOf(runs.threeTasks)), runs.started(first)];
  const failed = runs.ended({ kind: 'failed', stage: 'execute', code: null, error: 'x', saved: [] });
  const state = runs.stateAfter([...events, failed]);
  for (const text of [renderProgressComment(state), renderJobSummary(state), renderTerminalSummary(state)]) {
    expect(text).toMatch(/interrupted/);
    expect(text).toMatch(/not started/);
    expect(text).not.toMatch(/🔄|⏳|running|waiting/);
  }
});

describe('the progress comment', () => {
  test('reads well before there is a plan', () => {
    expect(renderProgressComment(runs.stateAfter(runs.opening().slice(0, 2)))).toBe(
      [
        '<!-- ai-implement:issue-42:1000-1:progress -->',
        '### 🔄 Working: preparing the repository',
        '',
        '**User login with email and password**',
        '',
        '1.0 s so far',
        '',
        '_The plan will appear here._',
        '',
        'It stops at $5.00, 500,000 tokens, 100 calls.',
      ].join('\n'),
    );
  });

  test('shows each task, what it waits for, what it cost, and the estimate', () => {
    const [first, second] = runs.threeTasks;
    if (!first || !second) throw new Error('no tasks');
    const text = renderProgressComment(
      runs.stateAfter([
        ...runs.opening(),
        ...runs.planned(runs.planOf(runs.threeTasks)),
        ...runs.worked(runs.resultOf(first)),
        runs.started(second),
        ...runs.replies(second.id, second.role, 3),
        { type: 'task.handed-back', taskId: second.id, kind: 'acceptance', detail: 'exit 1' },
      ]),
    );
    expect(text).toContain(
      '| **TASK-001** JWT service and login endpoints | backend-dev | ✅ completed | 4 | ✅ 1 of 1 passed | $0.0800 |',
    );
    expect(text).toContain('| frontend-dev | 🔄 running, handed back once | 3 | – | $0.0600 |');
    expect(text).toContain('⏳ waiting for TASK-002 |');
    expect(text).toContain('1 of 3 tasks completed · $0.16 spent');
    expect(text).toContain('Estimate: $0.80 expected, $3.20 at worst; spent: $0.16.');
  });

  test('keeps a run id from leaving its marker', () => {
    const [start, ...rest] = runs.opening();
    if (start?.type !== 'run.started') throw new Error('no start');
    const text = renderProgressComment(runs.stateAfter([{ ...start, runId: '1 --> <b>' }, ...rest]));
    expect(text.split('\n')[0]).toBe('<!-- ai-implement:issue-42:1--b:progress -->');
  });
});

test('a run that leaves its work to another job says who publishes it, and nothing of branches nobody can see yet', () => {
  const left: RunEvent[] = [
    { type: 'work.held-back' },
    { type: 'work.handed-over', directory: '/r', manifestSha256: 'a'.repeat(64) },
  ];
  const comment = (events: readonly RunEvent[], outcome: RunOutcome): string =>
    renderProgressComment(runs.stateAfter([...events, ...left, runs.ended(outcome)]));
  const built = comment(runs.wholeRun(), { kind: 'built', branch: 'ai/issue-42' });
  expect(built).toContain('📦 Built: the job that publishes checks it again and opens the pull request');
  const partial = { kind: 'partial', pullRequest: null, branch: 'ai/issue-42', reason: 'The limit.' } as const;
  const half = comment(runs.limitedRun(), partial);
  expect(half).toContain('⚠️ Stopped early: the job that publishes opens a draft pull request');
  expect(half).toContain('TASK-002 is not finished');
  expect(half).not.toMatch(/is on `ai\/issue-42`|start the run again/);
  // Nothing to open: what is said now is the last word.
  const nothing = { ...partial, branch: null, reason: 'No file was changed.' };
  expect(comment(runs.wholeRun(), nothing)).toMatch(/⚠️ Stopped early\n[^]*start the run again/);
});

test('a run whose work another job made tells what was looked at again from what was reported', () => {
  const checked: RunEvent = { type: 'handover.checked', commits: 3, branches: 2 };
  const state = runs.stateAfter([...runs.wholeRun(), checked]);
  const note = /ran none of this code\. By itself it has looked at 3 commits on 2 branches on top of `ba5e000000`/;
  for (const text of [renderPullRequestBody(state), renderSummaryComment(state), renderJobSummary(state)]) {
    expect(text).toMatch(note);
  }
  expect(renderPullRequestBody(runs.stateAfter(runs.wholeRun()))).not.toContain('ran none of this code');
});
