// Every text in a run that others wrote is made hostile, all at once; nothing of it may act anywhere.
import { expect, test } from '@jest/globals';
import { renderJobSummary } from '../../src/publish/job-summary.ts';
import { renderProgressComment } from '../../src/publish/progress-comment.ts';
import { renderPullRequestBody } from '../../src/publish/pull-request-body.ts';
import { renderSummaryComment } from '../../src/publish/summary-comment.ts';
import type { RunState } from '../../src/journal/run-state.ts';
import { actsIn } from './markdown-acts.ts';
import * as runs from '../support/run-events.ts';

const bad =
  '# x "]; click t1 "javascript:a" %%{init:{}}%% `@alice` @alice Closes #1 | <img src=x><!-- y --> ![i](https://evil.example/i) [l](https://evil.example) $(id)';
const block = `${bad}\n\n${bad}\n- ${bad}\n> ${bad}\n\n~~~\n${bad}`;
const check = { ...runs.checkOf({ exitCode: 1 }), name: bad, command: bad, failures: [bad] };
const task = (number: number) =>
  runs.taskOf(number, {
    id: `TASK-${number}${bad}`,
    title: bad,
    role: bad,
    deliverables: [bad],
    dependsOn: number === 1 ? [] : [`TASK-1${bad}`],
  });
const tasks = [task(1), task(2)];
const result = (index: number) => {
  const own = tasks[index];
  if (!own) throw new Error('no task');
  return runs.resultOf(own, {
    status: index === 0 ? 'completed' : 'failed',
    branch: bad,
    commit: bad,
    changedFiles: [runs.fileOf(bad)],
    claims: { summary: block, testsRun: [bad], notes: block },
    checks: [check],
    reason: index === 0 ? null : bad,
  });
};

const state: RunState = runs.stateAfter([
  ...runs.opening({ title: bad }),
  { type: 'base.opened', commit: bad, branch: bad, continues: null },
  ...runs.planned(
    runs.planOf(tasks, { summary: block, decisions: [{ decision: bad, rationale: bad, affectedAgents: [bad] }] }),
  ),
  ...runs.worked(result(0)),
  ...runs.worked(result(1)),
  {
    type: 'merge.ended',
    merge: {
      taskId: `TASK-1${bad}`,
      status: 'refused',
      commit: bad,
      returns: [{ kind: 'conflict', detail: bad }],
      checks: [check],
    },
  },
  { type: 'escalation.ended', taskId: `TASK-1${bad}`, rule: bad, action: 'guide', text: block, rationale: block },
  { type: 'question.asked', taskId: `TASK-1${bad}`, question: block },
  {
    type: 'review.ended',
    round: 1,
    verdict: 'faulty',
    findings: (['high', 'medium'] as const).map((severity) => ({ severity, file: bad, line: 1, why: block })),
  },
  { type: 'warning', message: bad },
  { type: 'limit.reached', limit: { limit: bad, value: bad, spent: bad } },
  ...runs.finished(
    { baseline: [check], final: [check], fixed: [bad], introduced: [bad], preexisting: [bad], weakened: [bad] },
    runs.integrationOf({ branch: bad, commit: bad, lost: [{ taskId: bad, path: bad, lines: 1 }] }),
    {
      blocks: [{ rule: 'secret', path: bad, line: 1, words: block }],
      flags: [{ rule: 'package-script', path: bad, line: null, words: block }],
    },
  ),
]);
const stopped = (reason: string) => ({
  ...state,
  outcome: { kind: 'partial', pullRequest: null, branch: bad, reason } as const,
});
const failed = { ...state, outcome: { kind: 'failed', stage: bad, code: null, error: block, saved: [bad] } as const };

test.each([
  ['progress comment', renderProgressComment(state)],
  ['progress comment of a partial run', renderProgressComment(stopped(bad))],
  ['progress comment of a failed run', renderProgressComment(failed)],
  ['pull request body', renderPullRequestBody(state)],
  ['summary comment', renderSummaryComment(state)],
  ['job summary', renderJobSummary(failed, bad)],
])('nothing acts in the %s', (_, text) => {
  expect(text).toContain('click t1');
  expect(actsIn(text)).toEqual([]);
});

test('labels of the graph stay inside their quotes and hold no directive', () => {
  const graph = /```mermaid\n([^]*?)\n```/.exec(renderProgressComment(state))?.[1] ?? '';
  const line =
    /^(?:flowchart LR| {2}\w+\["[^"`<>#%{}[\]\\;|&]*<br\/>[^"`<>#%{}[\]\\;|&]*"\]:::\w+| {2}\w+ --> \w+| {2}classDef \w+ [\w:#,]+)$/;
  expect(graph.split('\n').filter((text) => !line.test(text))).toEqual([]);
  expect(graph).toContain('t1 --> t2');
});
