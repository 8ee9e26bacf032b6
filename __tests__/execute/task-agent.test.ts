import { expect, test } from '@jest/globals';
import { describeChanges } from '../../src/execute/task-agent.ts';
import { fileOf } from '../support/run-events.ts';

test('changes are told one file a line, as git counts them', () => {
  const changed = [fileOf('a.ts'), fileOf('b.ts', { status: 'modified', addedLines: 1, deletedLines: 3 })];
  expect(describeChanges(changed)).toBe('a.ts | added +40 -2\nb.ts | modified +1 -3');
  expect(describeChanges([])).toBe('nothing is changed yet');
});

test('of many files forty are told and the rest is counted', () => {
  const lines = describeChanges(Array.from({ length: 43 }, (_, i) => fileOf(`f${i}.ts`))).split('\n');
  expect(lines).toHaveLength(41);
  expect(lines.at(-1)).toBe('... and 3 more files');
});
