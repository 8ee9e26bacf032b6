import { describe, expect, test } from '@jest/globals';
import type { RunEvent } from '../../src/events.ts';
import { projectRun } from '../../src/journal/project-run.ts';
import { emptyRunState } from '../../src/journal/run-state.ts';
import type { Merge } from '../../src/types.ts';
import {
  checkOf,
  opening,
  planned,
  planOf,
  resultOf,
  started,
  stateAfter,
  taskOf,
  usageOf,
  wholeRun,
  worked,
} from '../support/run-events.ts';

const task = taskOf(1);
const before = [...opening(), ...planned(planOf([task, taskOf(2)]))];
const taskAfter = (...events: readonly RunEvent[]) => stateAfter([...before, ...events]).tasks[0];
const mergeOf = (over: Partial<Merge>): RunEvent => ({
  type: 'merge.ended',
  merge: { taskId: task.id, status: 'merged', commit: null, returns: [], checks: [], ...over },
});
const tool = (name: string, input: unknown): RunEvent => ({
  type: 'tool.ended',
  agent: task.id,
  turn: 1,
  toolUseId: 't1',
  tool: name,
  input,
  content: '',
  isError: false,
  durationMs: 1,
});

test('of no events is the empty state', () => {
  expect(projectRun([])).toBe(emptyRunState);
});

describe('a task', () => {
  test('waits, runs, is merged and is completed', () => {
    const result = resultOf(task);
    expect(taskAfter()?.status).toBe('waiting');
    expect(taskAfter(started(task))).toMatchObject({ status: 'running', activity: 'starting', branch: result.branch });
    expect(taskAfter(started(task), { type: 'task.ended', result })).toMatchObject({
      status: 'merging',
      activity: null,
    });
    expect(taskAfter(...worked(result))).toMatchObject({ status: 'completed', turns: 4, result });
  });

  test('that goes back while it is merged runs again and is counted', () => {
    const back: RunEvent = { type: 'task.handed-back', taskId: task.id, kind: 'conflict', detail: 'conflict in a' };
    const ended: RunEvent = { type: 'task.ended', result: resultOf(task) };
    expect(taskAfter(started(task), ended, back, back)).toMatchObject({ status: 'running', handedBack: 2 });
  });

  test.each(['partial', 'failed', 'skipped'] as const)(
    'that ended %s keeps that name when it is left out',
    (status) => {
      const ended: RunEvent = { type: 'task.ended', result: resultOf(task, { status, reason: 'x' }) };
      expect(taskAfter(ended, mergeOf({ status: 'refused' }))?.status).toBe(status);
    },
  );

  test('that was completed and could not be merged has failed', () => {
    const ended: RunEvent = { type: 'task.ended', result: resultOf(task) };
    expect(taskAfter(ended, mergeOf({ status: 'refused' }))?.status).toBe('failed');
  });

  test('shows what it does in a few words of one line', () => {
    expect(taskAfter(tool('bash', { timeout_s: 5, command: 'npm test\nrm x' }))?.activity).toBe('bash npm test');
    expect(taskAfter(tool('read', { paths: [{ path: 'a' }] }))?.activity).toBe('read');
    expect(taskAfter(tool('bash', { command: 'x'.repeat(99) }))?.activity).toHaveLength(65);
  });

  test('has the latest result of each of its own acceptance commands', () => {
    const check = (exitCode: number, phase: 'task' | 'merge'): RunEvent => ({
      type: 'check.ended',
      phase,
      taskId: task.id,
      check: checkOf({ name: 'npm test', exitCode }),
    });
    expect(taskAfter(check(1, 'task'), check(0, 'task'), check(2, 'merge'))?.checks).toMatchObject([{ exitCode: 0 }]);
  });
});

describe('usage', () => {
  test('is summed over the run, by role and by task', () => {
    const state = stateAfter(wholeRun());
    expect(state.usage).toEqual(usageOf(13));
    expect(Object.keys(state.usageByRole)).toEqual(['manager', 'backend-dev', 'frontend-dev', 'qa-tester']);
    expect(state.tasks.map(({ usage }) => usage)).toEqual([usageOf(4), usageOf(4), usageOf(4)]);
  });

  test('of failed calls counts too, for the role of the task', () => {
    const failed: RunEvent = {
      type: 'model.failed',
      agent: task.id,
      reason: 'network',
      message: '',
      usage: usageOf(1),
    };
    const state = stateAfter([...before, failed, { ...failed, agent: 'manager' }]);
    expect(state.usageByRole).toEqual({ manager: usageOf(2), 'backend-dev': usageOf(1) });
  });
});

describe('the run', () => {
  test('names the limit that was reached first', () => {
    const limit = (name: string): RunEvent => ({
      type: 'limit.reached',
      limit: { limit: name, value: '1', spent: '1' },
    });
    expect(stateAfter([limit('a'), limit('b')]).limit?.limit).toBe('a');
  });

  test('knows the newest commit of each branch', () => {
    const pushed = (branch: string, commit: string): RunEvent => ({ type: 'branch.pushed', branch, commit });
    expect(stateAfter([pushed('x', '1'), pushed('y', '2'), pushed('x', '3')]).branches).toEqual([
      { branch: 'y', commit: '2' },
      { branch: 'x', commit: '3' },
    ]);
  });
});
