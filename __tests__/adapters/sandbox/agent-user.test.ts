import process from 'node:process';
import { expect, test } from '@jest/globals';
import { agentIdOf } from '../../../src/adapters/sandbox/agent-user.ts';
import { usersWithProcesses } from '../../../src/adapters/sandbox/process-family.ts';

test('runs whose numbers fall together get different users, as long as one is free', () => {
  const first = agentIdOf(1_000, new Set());
  const second = agentIdOf(1_606, new Set([first]));
  expect(agentIdOf(1_606, new Set())).toBe(first);
  expect(second).not.toBe(first);
  for (const id of [first, second]) expect(id >= 60_578 && id <= 61_183).toBe(true);
  const all = new Set(Array.from({ length: 606 }, (_none, i) => 60_578 + i));
  expect(all.has(agentIdOf(1_000, all))).toBe(true);
});

test('whoever has a process counts as taken', () => {
  expect(usersWithProcesses().has(process.getuid?.() ?? -1)).toBe(true);
});
