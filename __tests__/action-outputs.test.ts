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

  test('hold plan and tasks as JSON', () => {
    expect(JSON.parse(values['plan'] ?? '')).toMatchObject({ tasks: [{ id: 'TASK-001' }, {}, {}] });
    expect(JSON.parse(values['tasks'] ?? '')).toMatchObject([
      { id: 'TASK-001', agent: 'backend-dev', status: 'completed', turns: 4, cost_usd: 0.08, reason: '' },
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
    reason: 'The run reached its cost limit.',
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
