import { describe, expect, test } from '@jest/globals';
import { actionOutputs } from '../src/action-outputs.ts';
import { outputs } from '../src/config/outputs.ts';
import { limitedRun, opening, pullRequestOf, stateAfter, wholeRun } from './support/run-events.ts';

describe('the outputs of a run', () => {
  const state = stateAfter(wholeRun());
  const values = actionOutputs(
    { kind: 'opened', pullRequest: pullRequestOf(), branch: 'ai/issue-42' },
    state,
    '/r.html',
  );

  test('are those that the action declares, no more and no less', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(outputs).sort());
  });

  test('are plain numbers and words', () => {
    // 13 calls of 1,000 input, 100 written, 200 output, 3,000 read tokens and 0.02 dollars each.
    expect(values).toMatchObject({
      status: 'opened',
      'stop-reason': '',
      'pull-request-number': '77',
      'pull-request-url': 'https://git.example/octo/shop/pull/77',
      branch: 'ai/issue-42',
      'cost-usd': '0.260000',
      'input-tokens': '14300',
      'output-tokens': '2600',
      'cache-read-tokens': '39000',
      'api-calls': '13',
      report: '/r.html',
    });
    expect(values['duration-seconds']).toBe(String(wholeRun().length - 1));
  });

  test('hold plan and tasks as JSON, without a word of a model', () => {
    expect(JSON.parse(values['plan'] ?? '')).toMatchObject({ tasks: [{ id: 'TASK-001' }, {}, {}] });
    for (const { title, instructions, owns } of state.plan?.tasks ?? []) {
      for (const words of [title, instructions, ...owns]) expect(values['plan'] + values['tasks']).not.toContain(words);
    }
    expect(JSON.parse(values['tasks'] ?? '')).toMatchObject([
      { id: 'TASK-001', agent: 'backend-dev', status: 'completed', turns: 4, cost_usd: 0.08 },
      { id: 'TASK-002' },
      { id: 'TASK-003' },
    ]);
  });
});

test('a partial run says why, and has no number where there is no pull request', () => {
  const outcome = { kind: 'partial', pullRequest: null, branch: null, reason: 'The limit.' } as const;
  const values = actionOutputs(outcome, stateAfter(limitedRun()), '');
  expect(values).toMatchObject({
    status: 'partial',
    'stop-reason': 'The limit.',
    'pull-request-number': '',
    branch: '',
  });
  expect(JSON.parse(values['tasks'] ?? '')[1]).toMatchObject({
    status: 'partial',
  });
});

test('a failed run gives the first line of its error, and nothing where nothing was planned', () => {
  const outcome = { kind: 'failed', stage: 'plan', code: null, error: 'It broke.\n  at stack', saved: [] } as const;
  expect(actionOutputs(outcome, stateAfter(opening()), '')).toMatchObject({
    status: 'failed',
    'stop-reason': 'It broke.',
    plan: '',
    tasks: '[]',
  });
});

test.each([
  ['The run reached its limit of $0.05.', 'The run reached its limit of USD 0.05.'],
  [
    'The agent\'s words: `rm -rf /`; $(touch x) && echo "a" | b > c',
    'The agent’s words: ’rm -rf /’, touch x, echo ’a’, b c',
  ],
  ['${{ secrets.X }}\n::set-output name=a::b%0A', 'secrets.X ::set-output name a::b%0A'],
])('the sentence of an output holds nothing that acts: %s', (reason, told) => {
  const outcome = { kind: 'partial', pullRequest: null, branch: null, reason } as const;
  const said = actionOutputs(outcome, stateAfter(opening()), '')['stop-reason'];
  expect(said).toBe(told);
  expect(said).not.toMatch(/[\n$`'"(){}[\];&|<>*?!=\\]/);
});
