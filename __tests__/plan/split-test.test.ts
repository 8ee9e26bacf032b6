import { expect, test } from '@jest/globals';
import type { PlanReply } from '../../src/plan/plan-reply.ts';
import { reasonsAgainstSplit as reasonsWith } from '../../src/plan/split-test.ts';
import { planReply, replyTask } from '../support/spine.ts';

const reasonsAgainstSplit = (reply: PlanReply) => reasonsWith(reply, { expectedNanoUsd: 1, limitNanoUsd: null });

const two = [replyTask(1), replyTask(2)];

test('two parts that can be built side by side may be split', () => {
  expect(reasonsAgainstSplit(planReply(two))).toEqual([]);
  expect(reasonsAgainstSplit(planReply([...two, replyTask(3, { estimated_turns: 15 })]))).toEqual([]);
});

test('one task is no split', () => {
  expect(reasonsAgainstSplit(planReply([replyTask(1, { estimated_turns: 1 })], { kind: 'bug-fix' }))).toEqual([]);
});

test.each(['bug-fix', 'refactor', 'rename', 'migration'] as const)('a %s is never split', (kind) => {
  expect(reasonsAgainstSplit(planReply(two, { kind }))).toEqual([`a ${kind} is one line of thought`]);
});

test('a chain has nothing to gain', () => {
  const chain = [replyTask(1), replyTask(2, { dependencies: ['TASK-001'] })];
  expect(reasonsAgainstSplit(planReply(chain))).toEqual(['no two tasks could run at the same time']);
});

test('a longest chain above 60 % of the work has too little to gain, and exactly 60 % enough', () => {
  const with60 = [replyTask(1, { estimated_turns: 30 }), replyTask(2, { estimated_turns: 20 })];
  expect(reasonsAgainstSplit(planReply(with60))).toEqual([]);
  const with61 = [replyTask(1, { estimated_turns: 32 }), replyTask(2, { estimated_turns: 20 })];
  expect(reasonsAgainstSplit(planReply(with61))).toEqual(['the longest chain is 62 % of the work (at most 60 %)']);
  const chained = [...two, replyTask(3, { dependencies: ['TASK-002'] })];
  expect(reasonsAgainstSplit(planReply(chained))).toEqual(['the longest chain is 67 % of the work (at most 60 %)']);
});

test('tasks below 15 turns are not worth their overhead', () => {
  const small = [replyTask(1, { estimated_turns: 14 }), replyTask(2, { estimated_turns: 15 })];
  expect(reasonsAgainstSplit(planReply(small))).toEqual(['TASK-001 needs only 14 turns (at least 15)']);
});

test('each task needs an acceptance command of its own', () => {
  expect(reasonsAgainstSplit(planReply([replyTask(1), replyTask(2, { acceptance: [] })]))).toEqual([
    'not every task has an acceptance command of its own',
  ]);
});

test('three quarters of the cost limit are enough for the tasks, and more is too much', () => {
  const withLimit = (limitNanoUsd: number | null) =>
    reasonsWith(planReply(two), { expectedNanoUsd: 3_000_000_000, limitNanoUsd });
  expect(withLimit(null)).toEqual([]);
  expect(withLimit(4_000_000_000)).toEqual([]);
  expect(withLimit(3_900_000_000)).toEqual([
    'it is expected to take 77 % of the cost limit (at most 75 %, the rest is for merging)',
  ]);
});
