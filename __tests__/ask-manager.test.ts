import { afterEach, expect, test } from '@jest/globals';
import { createManager } from '../src/ask-manager.ts';
import type { Trouble } from '../src/execute/work.ts';
import type { Limits } from '../src/types.ts';
import { byAgent, say, type Turn } from '../testbed/model/script.ts';
import { taskOf } from './support/run-events.ts';
import { roleOf, startModelBed, userSays, type ModelBed } from './support/spine.ts';

let bed: ModelBed | undefined;
afterEach(() => bed?.close());

const decision = { rationale: 'It is so.', action: 'guide', text: 'Look at a.ts.', paths: [], acceptance: [] };
const json = (value: unknown) => say(JSON.stringify(value));
const troubleOf = (number: number): Trouble => ({
  task: taskOf(number),
  role: roleOf('backend-dev'),
  rule: 'same-call',
  reason: 'The same call.',
  said: '',
  digest: { turns: 9, lastCalls: [] },
  checks: [],
  failsWithout: [],
  work: 'nothing is changed yet',
  spent: { costNanoUsd: 0 },
  earlier: [],
});

async function managerWith(turns: readonly Turn[], limits: Partial<Limits> = {}, model = 'claude-opus-5-5') {
  bed = await startModelBed(byAgent({ match: () => true, turns }), limits);
  const manager = roleOf('manager', { model, effort: 'high', maxTokens: 32_000 });
  return createManager(
    { manager, shared: userSays('The brief.'), nonce: 'n0nce', editFormat: 'edit', callsBefore: 3 },
    bed,
  );
}

test('the manager decides by schema, with its own effort and little room, after the shared message', async () => {
  const ask = await managerWith([json(decision)]);
  expect(await ask(troubleOf(1))).toEqual(decision);
  const request = bed?.server.requests[0]?.request;
  expect(request).toMatchObject({ effort: 'high', maxTokens: 8_000, toolChoice: 'none', model: 'claude-opus-5-5' });
  expect(request?.outputSchema).not.toBeNull();
  expect(request?.openingText).toMatch(/^The brief\.\n[^]*`stronger_model`: it is beyond this model; claude-opus-5-5/);
  expect(bed?.reporter.of('model.replied')).toMatchObject([{ agent: 'manager', role: 'manager', turn: 4 }]);
  expect(bed?.reporter.of('agent.told')).toMatchObject([{ agent: 'manager', turn: 4 }]);
});

test('a model that is no stronger is not offered as one', async () => {
  const ask = await managerWith([json(decision)], {}, 'claude-sonnet-5-5');
  await ask(troubleOf(1));
  expect(bed?.server.requests[0]?.request.openingText).not.toContain('stronger_model`');
});

test('a decision that cannot be carried out is mended once', async () => {
  const ask = await managerWith([json({ ...decision, action: 'reassign_paths' }), json(decision)]);
  expect(await ask(troubleOf(1))).toEqual(decision);
  expect(bed?.server.requests[1]?.request.lastText).toContain('paths: name at least one glob.');
});

test('six agents of a run are helped and no more', async () => {
  const ask = await managerWith([json(decision)]);
  const answers: unknown[] = [];
  for (const number of [1, 2, 3, 4, 5, 6, 7]) answers.push(await ask(troubleOf(number)));
  expect(answers.map((answer) => answer !== null)).toEqual([true, true, true, true, true, true, false]);
  expect(bed?.reporter.of('warning')).toMatchObject([{ message: expect.stringMatching(/TASK-007.*6 times/) }]);
});

test('a limit that leaves no room for the question is a warning and not what stops the run', async () => {
  const ask = await managerWith([], { costLimitNanoUsd: 1_000 });
  expect(await ask(troubleOf(1))).toBeNull();
  expect(bed?.reporter.of('limit.reached')).toEqual([]);
  expect(bed?.reporter.of('warning')).toMatchObject([{ message: expect.stringContaining('limits.cost_limit_usd') }]);
});
