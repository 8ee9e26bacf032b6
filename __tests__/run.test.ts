// The order of a run's stages, where it matters to who may be trusted with what.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../src/config/load-config.ts';
import { emptyRunState } from '../src/journal/run-state.ts';
import { priceOf } from '../src/money/prices.ts';
import { run } from '../src/run.ts';
import { asksForJson, byAgent, say } from '../testbed/model/script.ts';
import { buildToolhost, startTreeBed, type BuiltToolhost, type TreeBed } from './support/tree-bed.ts';
import { planReply, replyTask, startModelBed, type ModelBed } from './support/spine.ts';

let toolhost: BuiltToolhost;
let bed: TreeBed;
let model: ModelBed;
beforeEach(async () => {
  toolhost = await buildToolhost();
  bed = await startTreeBed({ 'package.json': '{}' }, toolhost.path);
  model = await startModelBed(byAgent({ match: asksForJson, turns: [say(JSON.stringify(planReply([replyTask(1)])))] }));
});
afterEach(async () => {
  await model.close();
  await bed.close();
  await toolhost.remove();
});

test('no model is asked before the set-up is over, however long that takes', async () => {
  const file = { setup_command: 'echo installed' };
  const { config } = loadConfig({ fileText: JSON.stringify(file), filePath: '', agentFiles: [], inputs: {} });
  let askedDuringSetup = -1;
  const setup: typeof bed.trees.setup = async (...given) => {
    const result = await bed.trees.setup(...given);
    // Long enough for a run that does not wait to have asked.
    for (let i = 0; i < 20 && model.server.requests.length === 0; i += 1) await sleep(50);
    askedDuringSetup = model.server.requests.length;
    return result;
  };
  const outcome = await run(
    {
      trigger: {
        ...{ source: 'terminal', command: 'plan', repository: null, issueNumber: null, pullRequestNumber: null },
        ...{ commentId: null, actor: 'ada', at: null, feature: 'Add a page', instructions: '', snapshot: null },
      },
      ...{ config, checkout: { commit: bed.base, branch: 'main' }, branch: 'ai/feature', continues: null },
      ...{ environment: [], nonce: 'n0nce' },
    },
    {
      ...{
        ...model,
        git: bed.store,
        trees: { ...bed.trees, setup },
        github: null,
        priceOf: (name: string) => priceOf(name),
      },
      // No time is left for anything that a run may choose to wait for.
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      ...{ state: () => emptyRunState, saveLog: () => Promise.resolve(null), findSecrets: () => [] },
      ...{ clean: (text: string) => text, cleanTitle: (text: string) => text, brokenBy: () => [] },
    },
  );
  expect(outcome).toEqual({ kind: 'planned' });
  expect(askedDuringSetup).toBe(0);
  expect(model.server.requests).toHaveLength(1);
});
