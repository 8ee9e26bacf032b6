// What people are told of text that was held back or not read: in words of ours, foreign text as text.
import { describe, expect, test } from '@jest/globals';
import { forkReplyMarker, renderForkReply } from '../../src/publish/fork-reply.ts';
import { renderJobSummary } from '../../src/publish/job-summary.ts';
import { renderProgressComment } from '../../src/publish/progress-comment.ts';
import { renderPullRequestBody } from '../../src/publish/pull-request-body.ts';
import { createSink } from '../../src/publish/sink.ts';
import { renderTerminalSummary } from '../../src/publish/terminal-summary.ts';
import type { Confirmation, UnreadComments } from '../../src/types.ts';
import { issueOf } from '../support/spine.ts';
import * as runs from '../support/run-events.ts';

const sink = createSink({ secrets: ['s3cret-zyxwvutsrq'] });

const confirmation: Confirmation = {
  hash: `0123456789ab${'c'.repeat(52)}`,
  base: 'd'.repeat(40),
  reasons: ['The body was edited by mallory at 2026-11-22T11:58:00Z.', 'Not <b>known</b> @everyone.'],
  hidden: '<!-- @everyone\n````\n# Closes #1\ns3cret-zyxwvutsrq -->',
  answer: '/ai-implement confirm 0123456789ab',
};
const held = (answer = confirmation.answer) =>
  runs.stateAfter([
    ...runs.opening(),
    { type: 'confirmation.asked', confirmation: { ...confirmation, answer } },
    runs.ended({ kind: 'skipped', reason: 'Not confirmed.' }),
  ]);

describe('text that has to be confirmed', () => {
  test.each([
    ['the progress comment', renderProgressComment],
    ['the job summary', (state: ReturnType<typeof held>) => renderJobSummary(state)],
  ])('is shown in %s as code that nothing in it can end, with the reasons and the answer', (_, render) => {
    const shown = sink.markdown(render(held()));
    const [, fence = '', block = ''] = /\n(`{5,})\n([^]*?)\n\1\n/.exec(shown) ?? [];
    expect(fence).toBe('`````');
    expect(block).toBe('<!-- @everyone\n````\n# Closes #1\n*** -->');
    const rest = shown.replace(block, '');
    expect(rest).toContain('- The body was edited by mallory at 2026-11-22T11:58:00Z.');
    expect(rest).not.toMatch(/@everyone|<b>|s3cret/);
    expect(rest).toContain('\n```\n/ai-implement confirm 0123456789ab\n```\n');
    expect(rest).toContain(`built on \`${'d'.repeat(10)}\``);
  });

  test('is printed at the terminal, control characters left out', () => {
    const text = renderTerminalSummary(held('--confirm 0123456789ab'));
    expect(text).toContain('  | <!-- @everyone\n  | ````\n  | # Closes #1\n');
  });
});

describe('comments that were not read', () => {
  const unread: readonly UnreadComments[] = [
    { author: 'mallory', reason: 'no write access', count: 2 },
    { author: 'a_b', reason: 'edited after the run was asked for', count: 1 },
  ];
  const state = (all = unread) =>
    runs.stateAfter([...runs.wholeRun(), { type: 'issue.read', issue: { ...issueOf(), unread: all } }]);

  test('are counted and listed in the progress comment, the pull request and the job summary', () => {
    const line =
      'Not read: 3 comments: 2 of mallory (no write access), 1 of a\\_b (edited after the run was asked for).';
    for (const render of [renderProgressComment, renderPullRequestBody, renderJobSummary])
      expect(render(state()).split('\n')).toContain(line);
  });

  test('of a crowd are named up to a number', () => {
    const crowd = Array.from({ length: 12 }, (_none, i) => ({ author: `p${i}`, reason: 'no write access', count: 1 }));
    expect(renderProgressComment(state(crowd))).toContain('Not read: 12 comments: 1 of p0 (no write access)');
    expect(renderProgressComment(state(crowd))).toContain('1 of p9 (no write access), and of 2 more.');
  });

  test('are not spoken of when there are none', () => {
    expect(renderProgressComment(state([]))).not.toContain('Not read');
  });
});

test('the answer on a pull request of a fork keeps its marker through the sink, and is found by it', () => {
  const text = sink.markdown(renderForkReply(7));
  expect(text.split('\n', 1)[0]).toBe(forkReplyMarker(7));
  expect(text).toContain('comes from another repository');
});
