import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Git } from '../../src/ports.ts';
import { createBranchPusher } from '../../src/publish/branch-pusher.ts';
import { git, makeBed, type Bed } from '../adapters/git-bed.ts';
import { recordedReporter } from '../support/spine.ts';

let bed: Bed;
beforeEach(async () => {
  bed = await makeBed({ 'a.txt': 'a\n' });
});
afterEach(() => bed.close());

const commitOf = async (content: string): Promise<string> =>
  bed.store.commit(await bed.store.writeFiles(bed.base, [{ path: 'a.txt', content }]), [bed.base], content);
const sound = () => Promise.resolve({ blocks: [], flags: [] });
const headOf = (branch: string): string => git(bed.checkout, 'rev-parse', `refs/heads/${branch}`);

test('branches are pushed one after another and each is told; one left by an earlier run is replaced', async () => {
  const reporter = recordedReporter();
  const [first, second] = [await commitOf('first'), await commitOf('second')];
  const pusher = createBranchPusher({ git: bed.store, reporter, judge: sound });
  for (const commit of [first, second]) {
    await bed.store.setBranch('ai/agents/x', commit);
    pusher.push('ai/agents/x', commit);
  }
  expect(await pusher.finish()).toEqual([]);
  expect(headOf('ai/agents/x')).toBe(second);
  expect(reporter.of('branch.pushed').map(({ commit }) => commit)).toEqual([first, second]);
});

test('a branch that holds what the diff policy blocks stays here, and keeps none of the others back', async () => {
  const reporter = recordedReporter();
  const [bad, good] = [await commitOf('bad'), await commitOf('good')];
  const block = { rule: 'secret', path: 'a.txt', line: 1, words: 'It holds a secret.' } as const;
  const judge = (commit: string) => Promise.resolve({ blocks: commit === bad ? [block] : [], flags: [] });
  const pusher = createBranchPusher({ git: bed.store, reporter, judge });
  pusher.push('ai/bad', bad);
  pusher.push('ai/good', good);
  const message = 'Not published (secret): a.txt:1: It holds a secret.';
  expect(await pusher.finish()).toMatchObject([{ branch: 'ai/bad', error: { message } }]);
  expect(git(bed.checkout, 'for-each-ref', '--format=%(refname)', 'refs/heads/ai')).toBe('refs/heads/ai/good');
});

test('a branch that cannot be pushed is named at the end, and keeps none of the others back', async () => {
  const reporter = recordedReporter();
  const commit = await commitOf('work');
  const refusing: Git = {
    ...bed.store,
    push: (updates) =>
      updates.some(({ branch }) => branch === 'ai/bad') ? Promise.reject(new Error('no')) : bed.store.push(updates),
  };
  const pusher = createBranchPusher({ git: refusing, reporter, judge: sound });
  for (const branch of ['ai/bad', 'ai/good']) pusher.push(branch, commit);
  expect(await pusher.finish()).toMatchObject([{ branch: 'ai/bad', error: { message: 'no' } }]);
  expect(headOf('ai/good')).toBe(commit);
  expect(reporter.of('branch.pushed')).toHaveLength(1);
});
