import { afterEach, describe, expect, test } from '@jest/globals';
import { toolDefinitionsFor } from '../../src/agent/tools/all.ts';
import { makePlan, type PlanInput, type PlanResult } from '../../src/plan/make-plan.ts';
import type { PlanReply } from '../../src/plan/plan-reply.ts';
import { fail, inOrder, say, thinking, type Script } from '../../testbed/model/script.ts';
import {
  issueOf,
  noLimits,
  planReply,
  replyTask,
  roleOf,
  startModelBed,
  userSays,
  type ModelBed,
} from '../support/spine.ts';

let bed: ModelBed | undefined;
afterEach(() => bed?.close());

const input: PlanInput = {
  issue: issueOf(),
  shared: userSays('The brief and the request.'),
  manager: roleOf('manager', { maxTokens: 8_000, effort: 'high' }),
  workers: [roleOf('backend-dev'), roleOf('frontend-dev')],
  isProtected: () => false,
  limits: noLimits,
  checks: [{ name: 'test', command: 'npm test' }],
  continues: false,
};

async function planWith(
  script: Script,
  limits = {},
  apiKey = 'test-key',
  more: Partial<PlanInput> = {},
): Promise<{ result: PlanResult; bed: ModelBed }> {
  bed = await startModelBed(script, limits, apiKey);
  const estimate = () => ({ tasks: [], expectedNanoUsd: 1, worstNanoUsd: 2 });
  const result = await makePlan({ ...input, ...more }, { ...bed, estimate });
  expect(bed.server.refusals.filter(({ status }) => status === 400)).toEqual([]);
  return { result, bed };
}

const answer = (reply: PlanReply) => say(thinking('Hm.'), JSON.stringify(reply));
const planOf = (result: PlanResult) => {
  if (result.kind !== 'plan') throw new Error(`no plan but ${result.kind}`);
  return result.plan;
};
const good = planReply([
  replyTask(1, { task_id: 'api', dependencies: [] }),
  replyTask(2, { task_id: 'web', assigned_to: 'frontend-dev', estimated_turns: 30 }),
  replyTask(3, { task_id: 'docs', estimated_turns: 15, dependencies: ['api'] }),
]);
const cyclic = planReply([replyTask(1, { dependencies: ['TASK-002'] }), replyTask(2, { dependencies: ['TASK-001'] })]);

describe('the manager', () => {
  test('whose first plan is good is asked once, by the schema and without tools to use', async () => {
    const { result, bed: used } = await planWith(inOrder(answer(good)));
    const plan = planOf(result);
    expect(plan.tasks.map(({ id, role, dependsOn }) => [id, role, dependsOn])).toEqual([
      ['TASK-001', 'backend-dev', []],
      ['TASK-002', 'frontend-dev', []],
      ['TASK-003', 'backend-dev', ['TASK-001']],
    ]);
    expect(plan.estimate).toEqual({ tasks: [], expectedNanoUsd: 1, worstNanoUsd: 2 });
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(used.server.requests).toHaveLength(1);
    expect(used.server.requests[0]?.request).toMatchObject({ toolChoice: 'none', effort: 'high', maxTokens: 8_000 });
    expect(used.server.requests[0]?.request.outputSchema).toMatchObject({ type: 'object' });
    expect(used.reporter.of('model.replied')).toMatchObject([{ agent: 'manager', role: 'manager', turn: 1 }]);
  });

  test('repairs a plan that is no JSON, with the fault before its eyes', async () => {
    const { result, bed: used } = await planWith(inOrder(say('Here is my plan: ...'), answer(good)));
    expect(planOf(result).tasks).toHaveLength(3);
    expect(used.reporter.of('plan.refused')).toEqual([
      { type: 'plan.refused', attempt: 1, faults: [expect.stringContaining('is not JSON')] },
    ]);
    const [, second] = used.server.requests;
    expect(second?.request.turn).toBe(1);
    expect(second?.request.lastText).toContain('That plan cannot be run:\n- The reply is not JSON');
  });

  test('repairs a cycle', async () => {
    const { result, bed: used } = await planWith(inOrder(answer(cyclic), answer(good)));
    expect(planOf(result).tasks).toHaveLength(3);
    expect(used.server.requests[1]?.request.lastText).toContain('TASK-001 -> TASK-002 -> TASK-001 is a cycle');
  });

  test('that fails three times is replaced by one task with the checks as acceptance', async () => {
    const unknown = planReply([replyTask(1, { assigned_to: 'wizard' })]);
    const { result, bed: used } = await planWith(inOrder(answer(cyclic), say(thinking('Hm.')), answer(unknown)));
    expect(planOf(result)).toMatchObject({
      summary: 'Do the whole request',
      tasks: [
        {
          title: 'Do the whole request',
          id: 'TASK-001',
          role: 'backend-dev',
          owns: ['**'],
          acceptance: ['npm test'],
          dependsOn: [],
        },
      ],
      decisions: [{ rationale: expect.stringContaining('"wizard" is not an agent') }],
    });
    expect(used.server.requests).toHaveLength(3);
    expect(used.reporter.of('plan.refused').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test('may not split a bug fix, whatever its size', async () => {
    const { result } = await planWith(inOrder(answer({ ...good, kind: 'bug-fix' })));
    expect(planOf(result)).toMatchObject({
      tasks: [{ id: 'TASK-001', estimatedTurns: 40 }],
      decisions: [{ rationale: 'Splitting was refused: a bug-fix is one line of thought.' }],
    });
  });
});

test('the manager is asked after the message that all agents have, and that message is kept in the cache', async () => {
  const { bed: used } = await planWith(inOrder(answer(good)));
  const body = JSON.stringify(used.server.requests[0]?.body);
  expect(body).toMatch(/"text":"The brief and the request\.","cache_control"/);
  expect(used.server.requests[0]?.request.toolNames).toEqual(toolDefinitionsFor('edit').map(({ name }) => name));
});

test('a plan that was cut at the limit of the reply is asked for again, shorter', async () => {
  const cut = { ...answer(good), stopReason: 'max_tokens' as const };
  const { result, bed: used } = await planWith(inOrder(cut, answer(good)));
  expect(planOf(result).tasks).toHaveLength(3);
  expect(used.server.requests[1]?.request.lastText).toContain('was cut at 8000 tokens');
});

describe('a short instruction on a pull request of ours', () => {
  const small: Partial<PlanInput> = {
    continues: true,
    mayGoUnplanned: true,
    issue: issueOf({ instructions: 'Rename the button to "Sign in".' }),
  };

  test('is one task without asking the manager, and the decision says why', async () => {
    const { result, bed: used } = await planWith(inOrder(), {}, 'test-key', small);
    expect(used.server.requests).toEqual([]);
    expect(planOf(result)).toMatchObject({
      tasks: [{ id: 'TASK-001', title: 'Rename the button to "Sign in".', owns: ['**'], acceptance: ['npm test'] }],
      decisions: [{ rationale: expect.stringContaining('the manager was not asked') }],
    });
    expect(planOf(result).tasks[0]?.instructions).toContain('Rename the button to "Sign in".');
  });

  test.each<[string, Partial<PlanInput>]>([
    ['a person asked for a plan', { mayGoUnplanned: false }],
    ['nothing goes on', { continues: false }],
    ['it has several lines', { issue: issueOf({ instructions: '- one\n- two' }) }],
    ['it is long', { issue: issueOf({ instructions: 'x'.repeat(241) }) }],
    ['nothing was said', { issue: issueOf({ instructions: ' ' }) }],
    ['no check could judge it', { checks: [] }],
  ])('is planned where %s', async (_why, more) => {
    const { bed: used } = await planWith(inOrder(answer(good)), {}, 'test-key', { ...small, ...more });
    expect(used.server.requests).toHaveLength(1);
  });
});

test('equal plans have equal hashes, and another word another one', async () => {
  const hashes: string[] = [];
  for (const reply of [good, good, { ...good, summary: 'Three parts.' }]) {
    hashes.push(planOf((await planWith(inOrder(answer(reply)))).result).hash);
    await bed?.close();
  }
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[0]).not.toBe(hashes[2]);
});

test('a limit forbids the call before it is made', async () => {
  const { result, bed: used } = await planWith(inOrder(), { costLimitNanoUsd: 1_000 });
  expect(result).toMatchObject({ kind: 'limit', limit: { limit: 'limits.cost_limit_usd' } });
  expect(used.server.requests).toEqual([]);
});

test('a key that is refused is a failure to mend, not a plan', async () => {
  const { result, bed: used } = await planWith(inOrder(), {}, 'wrong-key');
  expect(result).toMatchObject({ kind: 'failed', reply: { reason: 'auth' } });
  expect(used.ledger.reservedNanoUsd()).toBe(0);
});

test('a request that is refused is a failure and leaves nothing reserved', async () => {
  const { result, bed: used } = await planWith(inOrder(fail(400)));
  expect(result).toMatchObject({ kind: 'failed', reply: { reason: 'invalid-request' } });
  expect(used.ledger.reservedNanoUsd()).toBe(0);
});
