import { describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../src/events.ts';
import { renderJobSummary } from '../../src/publish/job-summary.ts';
import { renderProgressComment } from '../../src/publish/progress-comment.ts';
import { renderPullRequestBody } from '../../src/publish/pull-request-body.ts';
import { renderSummaryComment } from '../../src/publish/summary-comment.ts';
import { renderTerminalSummary } from '../../src/publish/terminal-summary.ts';
import type { Finding } from '../../src/types.ts';
import * as runs from '../support/run-events.ts';

const asked: RunEvent = { type: 'question.asked', taskId: 'TASK-002', question: 'Which port does the firewall open?' };
const helped: RunEvent = {
  type: 'escalation.ended',
  taskId: 'TASK-001',
  rule: 'same-call',
  action: 'stronger_model',
  text: 'Look at a.ts first.',
  rationale: 'It repeats itself.',
};
const finding = (severity: Finding['severity'], over: Partial<Finding> = {}): Finding => ({
  severity,
  file: 'src/a.ts',
  line: 7,
  why: `A ${severity} fault.`,
  ...over,
});
const reviewed = (round: number, ...findings: readonly Finding[]): RunEvent => ({
  type: 'review.ended',
  round,
  verdict: findings.some(({ severity }) => severity === 'high') ? 'faulty' : 'sound',
  findings,
});
const after = (...events: readonly RunEvent[]) => runs.stateAfter([...runs.wholeRun(), ...events]);
const markdownOf = (...events: readonly RunEvent[]) =>
  [renderPullRequestBody, renderSummaryComment, renderJobSummary, renderProgressComment].map((render) =>
    render(after(...events)),
  );
const columns = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('a question for people', () => {
  test('stands with the way to answer it in everything that a person reads', () => {
    for (const text of markdownOf(asked)) {
      expect(text).toContain('**Needs an answer**');
      expect(text).toContain('**TASK-002** asks: Which port does the firewall open?');
      expect(text).toContain('comment `/ai-implement` followed by the answer');
    }
    expect(renderTerminalSummary(after(asked))).toContain('Needs an answer:\n  • TASK-002: Which port');
  });

  test('is not spoken of where there is none', () => {
    for (const text of markdownOf()) expect(text).not.toContain('Needs an answer');
  });
});

test('what the manager decided on the way is a decision like those of the plan, with its reason', () => {
  const [body = '', , summary = '', progress = ''] = markdownOf(helped);
  for (const text of [body, summary]) {
    expect(text).toMatch(
      /- \*\*TASK-001 could not go on \(same-call\), and the manager handed it to a stronger model: Look at a.ts first\*\*: It repeats itself. _\(backend-dev\)_/,
    );
  }
  expect(progress).toContain('Helped on the way: TASK-001 (same-call: stronger model).');
});

describe('a review', () => {
  test('without a grave finding is one sentence, and its smaller findings are claims', () => {
    const [body = ''] = markdownOf(reviewed(1, finding('medium'), finding('low', { line: null })));
    expect(body).toContain('## Review\n\nReviewed with a clean context: nothing grave, 2 smaller findings.');
    expect(body).toContain('Claims of the reviewer (not verified):\n\n- medium: `src/a.ts:7`: A medium fault.');
    expect(body).toContain('- low: `src/a.ts`: A low fault.');
    expect(body).not.toContain('finds this grave');
  });

  test('with a grave finding that is not mended warns at the top, and the terminal does not call it ready', () => {
    const state = after(reviewed(1, finding('high')), runs.ended({ kind: 'built', branch: 'ai/login' }));
    const body = renderPullRequestBody(state);
    expect(body.indexOf('finds this grave')).toBeLessThan(300);
    expect(body).toContain('> - `src/a.ts:7`: A high fault.');
    const terminal = renderTerminalSummary(state);
    expect(terminal).toContain('• OPEN FINDING: src/a.ts:7: A high fault.');
    expect(terminal).toContain('not ready to merge');
    expect(columns(terminal)).toBe(80);
  });

  test('whose findings a later one no longer has counts them as mended', () => {
    const [body = '', , , progress = ''] = markdownOf(reviewed(1, finding('high')), reviewed(2));
    expect(body).not.toContain('A high fault.');
    expect(progress).toContain('Reviewed with a clean context, 1 round of mending: nothing grave.');
    expect(renderTerminalSummary(after(reviewed(1, finding('high')), reviewed(2)))).not.toContain('OPEN FINDING');
  });
});
