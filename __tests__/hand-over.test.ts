import { expect, test } from '@jest/globals';
import { handOver, type HandOverInput } from '../src/hand-over.ts';
import { noUsage } from '../src/money/usage.ts';
import { parseManifest } from '../src/publish/manifest.ts';
import { ended, limitedRun, stateAfter, usageOf, wholeRun } from './support/run-events.ts';

const base = 'b'.repeat(40);
const result = 'c'.repeat(40);
const place = { commit: base, baseBranch: 'main', branch: 'ai/issue-42', expected: null, pullRequest: null };

async function left(over: Partial<HandOverInput> = {}) {
  const state = stateAfter(wholeRun());
  if (state.trigger === null) throw new Error('the run has no trigger');
  const files = new Map<string, string>();
  const bundled: unknown[] = [];
  const handedOver = await handOver(
    {
      ...{ trigger: state.trigger, runId: '1000-1', base: place, state, spent: usageOf(3), directory: '/out' },
      branches: [{ branch: 'ai/issue-42', commit: result }],
      outcome: { kind: 'built', branch: 'ai/issue-42' },
      ...over,
    },
    {
      clean: (text) => text.replaceAll('s3cret', '***'),
      writeBundle: (path, from, branches) => {
        bundled.push([path, from, branches]);
        return Promise.resolve('d'.repeat(64));
      },
      writeText: (path, text) => {
        files.set(path, text);
        return 'e'.repeat(64);
      },
    },
  );
  const text = files.get('/out/manifest.json');
  return { handedOver, bundled, manifest: text === undefined ? null : parseManifest(text), text };
}

test('a result is left with the agents’ branches, and all that is to be said of it', async () => {
  const branches = [
    { branch: 'ai/agents/issue-42/backend-dev/task-001', commit: result },
    { branch: 'ai/agents/issue-42/frontend-dev/task-002', commit: base },
    { branch: 'ai/issue-42', commit: result },
  ];
  const { handedOver, bundled, manifest } = await left({ branches });
  expect(handedOver).toEqual({ directory: '/out', manifestSha256: 'e'.repeat(64) });
  // A branch that stands on the base brings nothing.
  expect(bundled).toEqual([['/out/result.bundle', base, [branches[0]?.branch, 'ai/issue-42']]]);
  expect(manifest).toMatchObject({
    version: 1,
    repository: 'octo/shop',
    subject: 'issue-42',
    runId: '1000-1',
    base: { commit: base, branch: 'main', continues: null },
    result: { branch: 'ai/issue-42', commit: result, expected: null },
    branches: [branches[0]],
    bundleSha256: 'd'.repeat(64),
    partial: '',
    spent: usageOf(3),
  });
});

test('everything that a pull request shows of a run survives the way', async () => {
  for (const events of [wholeRun(), limitedRun()]) {
    const state = stateAfter(events);
    const { manifest } = await left({ state });
    if (manifest === null || 'problem' in manifest) throw new Error(JSON.stringify(manifest));
    for (const [name, value] of Object.entries(manifest.report)) {
      expect([name, value]).toEqual([name, Object(state)[name]]);
    }
  }
});

test('work without a result is left with the reason, and what was spent without any work', async () => {
  const state = stateAfter(limitedRun());
  const branches = [{ branch: 'ai/agents/issue-42/backend-dev/task-001', commit: result }];
  expect((await left({ state, branches })).manifest).toMatchObject({
    result: null,
    partial: expect.stringContaining('limits.cost_limit_usd'),
  });
  const outcome = { kind: 'failed', stage: 'plan', code: null, error: 'No\nstack', saved: [] } as const;
  const failed = await left({ branches: [], outcome, state: stateAfter([...wholeRun(), ended(outcome)]) });
  expect(failed.manifest).toMatchObject({ bundleSha256: null, branches: [], result: null, partial: 'No' });
});

test('nothing is left where nothing was done or spent, or the run did not come to its base', async () => {
  expect((await left({ branches: [], spent: noUsage })).handedOver).toBeNull();
  expect((await left({ base: null })).handedOver).toBeNull();
});

test('no secret is left in the manifest', async () => {
  const state = stateAfter([...wholeRun(), { type: 'warning', message: 'It is "s3cret".' }]);
  const { text } = await left({ state });
  expect(text).toContain('It is \\"***\\".');
});
