import { expect, test } from '@jest/globals';
import { createPathGrants } from '../src/grant-paths.ts';
import { planOf, taskOf } from './support/run-events.ts';

const grants = () => createPathGrants(planOf([taskOf(1), taskOf(2)]));

test('paths that nobody owns are given, those of other tasks are not', () =>
  expect(grants()('TASK-001', ['docs/**', 'src/part2/a.ts', 'src/**', 'src/part1/**'])).toEqual([
    'docs/**',
    'src/part1/**',
  ]));

test('a path that was given has one owner from then on', () => {
  const grant = grants();
  expect(grant('TASK-001', ['docs/**'])).toEqual(['docs/**']);
  expect(grant('TASK-002', ['docs/a.md'])).toEqual([]);
  expect(grant('TASK-001', ['docs/a.md'])).toEqual(['docs/a.md']);
});

test('an empty glob is none', () => expect(grants()('TASK-001', ['', '  '])).toEqual([]));

test('a glob that would keep the matcher busy is given to nobody', () =>
  expect(grants()('TASK-001', ['*a*a*a*a*a*a*a*b', '+(a|aa)b', 'docs/**'])).toEqual(['docs/**']));
