import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../src/config/load-config.ts';
import { planRun } from '../src/plan-run.ts';
import type { Check } from '../src/types.ts';
import { asksForJson, byAgent, say } from '../testbed/model/script.ts';
import { makeBed, type Bed } from './adapters/git-bed.ts';
import { checkOf } from './support/run-events.ts';
import { issueOf, planReply, replyTask, startModelBed, type ModelBed } from './support/spine.ts';

let bed: Bed;
let model: ModelBed;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'one\n' });
  const plan = say(JSON.stringify(planReply([replyTask(1)])));
  model = await startModelBed(byAgent({ match: asksForJson, turns: [plan] }));
});
afterEach(async () => {
  await model.close();
  await bed.close();
});

const planWith = (file: Readonly<Record<string, unknown>>, baseline: readonly Check[] | null = null) =>
  planRun(
    {
      trigger: { command: 'plan' },
      issue: issueOf(),
      base: {
        commit: bed.base,
        branch: 'ai/issue-42',
        baseBranch: 'main',
        expected: Promise.resolve(null),
        pullRequest: null,
      },
      project: {
        checks: [{ name: 'test', command: 'npm test' }],
        setupCommand: null,
        contextPaths: [],
        instructionsFrom: 'c0ffee',
        protectedFound: [],
      },
      config: loadConfig({ fileText: JSON.stringify(file), filePath: '', agentFiles: [], inputs: {} }).config,
      environment: [],
      nonce: 'n0nce',
      baseline,
    },
    { ...model, git: bed.store },
  );

test('the shared message tells how the checks stand, or that they still run', async () => {
  const known = await planWith({}, [
    checkOf({ name: 'test', command: 'npm test', exitCode: 1, failures: ['adds up'] }),
  ]);
  const unknown = await planWith({}, null);
  const textOf = (planned: typeof known) => (planned.kind === 'plan' ? JSON.stringify(planned.shared) : '');
  expect(textOf(known)).toContain('adds up');
  expect(textOf(unknown)).toMatch(/still run on the base/);
});

test.each([
  ['the manager', { agents: { manager: { model: 'claude-unheard-of' } } }],
  ['a fallback', { agents: { 'qa-tester': { fallback_model: 'claude-unheard-of' } } }],
])('a model without a price is refused before anything is asked, that of %s too', async (_, file) => {
  await expect(planWith(file)).rejects.toMatchObject({ code: 'model-unpriced' });
  expect(model.server.requests).toEqual([]);
});
