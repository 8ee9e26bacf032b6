import { expect, test } from '@jest/globals';
import { createPlainReporter } from '../../src/adapters/plain-reporter.ts';
import type { RunEvent } from '../../src/events.ts';
import { createSink } from '../../src/publish/sink.ts';
import * as runs from '../support/run-events.ts';

function linesOf(events: readonly RunEvent[], groups = false): readonly string[] {
  const lines: string[] = [];
  const sink = createSink({ secrets: ['s3cret-s3cret-s3cret'] });
  const reporter = createPlainReporter({ write: (line) => lines.push(line), sink, groups });
  for (const event of events) reporter.emit(event);
  return lines;
}

test('a run is told in one line an event', () => {
  const [first] = runs.threeTasks;
  if (!first) throw new Error('no task');
  const events = [
    ...runs.opening(),
    ...runs.planned(runs.planOf([first])),
    ...runs.worked(runs.resultOf(first)),
    ...runs.finished(runs.verificationOf()),
    runs.ended({ kind: 'opened', pullRequest: runs.pullRequestOf(), branch: 'ai/issue-42' }),
  ];
  expect(linesOf(events)).toEqual([
    'ai-implement 0.1.0, run 1000-1, model claude-sonnet-5-5, started by alice',
    '== Prepare the repository',
    'Request: #42 User login with email and password',
    'Base: main at ba5e000000',
    'Check test (on the base): failed (exit 1), 20 passed, 2 failed in 3.2 s',
    '== Plan',
    'Plan: 1 task, $0.80 expected, $3.20 at worst',
    '  TASK-001 backend-dev: JWT service and login endpoints',
    '== Build',
    'TASK-001 started: backend-dev on ai/agents/issue-42/backend-dev/task-001',
    'TASK-001 completed: 4 turns, $0.0800, 2 files (+43 -4)',
    'TASK-001 is integrated',
    '== Check the result',
    'Result against base: 2 fixed, 0 introduced, 0 already failing',
    '== Publish',
    'Pushed ai/issue-42 at facade0000',
    'Pull request opened: https://git.example/octo/shop/pull/77 ($0.26, 4 min 12 s)',
  ]);
});

test('a check says whether it is acceptance of a task or of what it became part of', () => {
  const [first] = runs.threeTasks;
  if (!first) throw new Error('no task');
  const check = (phase: 'task' | 'merge' | 'final', taskId: string | null): RunEvent => ({
    type: 'check.ended',
    phase,
    taskId,
    check: runs.checkOf(),
  });
  const passed = 'passed, 24 passed, 0 failed in 3.2 s';
  expect(
    linesOf([check('merge', null), check('task', first.id), check('merge', first.id), check('final', null)]),
  ).toEqual([
    `Check test (with the contract): ${passed}`,
    `Acceptance of TASK-001, \`npm test\`: ${passed}`,
    `Check test (after TASK-001): ${passed}`,
    `Check test (on the result): ${passed}`,
  ]);
});

test('a run that stopped early gives each reason once', () => {
  const reason = 'The limit limits.cost_limit_usd is $0.16; used: $0.15. And more.';
  const partial = runs.ended({ kind: 'partial', pullRequest: null, branch: 'ai/x', reason });
  expect(linesOf([...runs.limitedRun(), partial]).slice(-5)).toEqual([
    'Stopped early ($0.26, 4 min 12 s):',
    '  - The limit limits.cost_limit_usd is $0.16; used: $0.15.',
    '  - TASK-002 is not finished: the run reached its cost limit.',
    '  - TASK-003 was skipped: TASK-002 was not completed.',
    'What was done: ai/x',
  ]);
});

test('stages fold in the log of an Action, and the outcome stands outside', () => {
  const lines = linesOf([...runs.opening(), runs.ended({ kind: 'skipped', reason: 'not our label' })], true);
  const commands = lines.filter((line) => line.startsWith('::'));
  expect(commands).toEqual(['::group::Prepare the repository', '::endgroup::', '::group::Plan', '::endgroup::']);
  expect(lines.at(-1)).toBe('Not run: not our label');
});

test('nobody else writes commands, lines or secrets into the log', () => {
  const message = '::error::x\n::set-output name=a::b\r\n##[error]s3cret-s3cret-s3cret';
  const lines = linesOf(
    [
      ...runs.opening({ title: '::add-mask::x' }),
      { type: 'warning', message },
      { type: 'model.failed', agent: '::x::', reason: 'network', message, usage: runs.usageOf(0) },
      { type: 'task.handed-back', taskId: '::x::', kind: 'conflict', detail: message },
      runs.ended({ kind: 'failed', stage: '::x::', code: null, error: message, saved: [] }),
    ],
    true,
  );
  const text = lines.filter((line) => !/^::(?:group::[A-Z]|endgroup::$)/.test(line)).join('\n');
  expect(text).not.toMatch(/^\s*::|##\[|s3cret|\r/m);
  expect(text).toContain('***');
});

test('a long task gives a sign of life every ten turns', () => {
  const [first] = runs.threeTasks;
  if (!first) throw new Error('no task');
  const before = [...runs.opening(), ...runs.planned(runs.planOf([first])), runs.started(first)];
  const lines = linesOf([...before, ...runs.replies(first.id, first.role, 25)]).slice(linesOf(before).length);
  expect(lines).toEqual(['TASK-001: 10 turns, $0.20', 'TASK-001: 20 turns, $0.40']);
});
