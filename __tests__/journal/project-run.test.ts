import { expect, test } from '@jest/globals';
import { applyEntry } from '../../src/journal/project-run.ts';
import * as runs from '../support/run-events.ts';

test('an event of a newer version moves the time and nothing else', () => {
  const state = runs.stateAfter(runs.opening());
  const event = JSON.parse('{"type": "toString"}');
  expect(applyEntry(state, { seq: 99, atMs: 5, event })).toEqual({ ...state, lastAtMs: 5 });
});

test('a task that is reopened goes on from where it first started', () => {
  const [task] = runs.threeTasks;
  if (task === undefined) throw new Error('no task');
  const first = [...runs.planned(runs.planOf([task])), ...runs.worked(runs.resultOf(task))];
  const [before] = runs.stateAfter(first).tasks;
  const [after] = runs.stateAfter([...first, runs.started(task)]).tasks;
  expect(before).toMatchObject({ status: 'completed' });
  expect(after).toMatchObject({ status: 'running', startedAtMs: before?.startedAtMs });
});
