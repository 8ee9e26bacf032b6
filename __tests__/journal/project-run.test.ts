import { expect, test } from '@jest/globals';
import { applyEntry } from '../../src/journal/project-run.ts';
import { opening, stateAfter } from '../support/run-events.ts';

test('an event of a newer version moves the time and nothing else', () => {
  const state = stateAfter(opening());
  const event = JSON.parse('{"type": "toString"}');
  expect(applyEntry(state, { seq: 99, atMs: 5, event })).toEqual({ ...state, lastAtMs: 5 });
});
