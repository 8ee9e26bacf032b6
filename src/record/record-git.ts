// git, recorded: what the remote answered and what depends on the clock. Objects are named by their content, so reading
// them needs no record.
import { createHash } from 'node:crypto';
import type { BranchUpdate, Git } from '../ports.ts';
import { recordCall, type Recording } from './record-calls.ts';

/** The store of the run must still hold its objects. */
export function recordGit<Store extends Git>(git: Store, recording: Recording): Store {
  const ask = <T>(call: string, act: () => Promise<T>): Promise<T> => recordCall(call, act, recording);
  const isPushed = async (updates: readonly BranchUpdate[]): Promise<boolean> => {
    const heads = await Promise.all(updates.map(({ branch }) => git.remoteBranch(branch)));
    return updates.every(({ commit }, i) => heads[i] === commit);
  };
  return {
    ...git,
    remoteBranch: (branch) => ask(`git.remoteBranch ${branch}`, () => git.remoteBranch(branch)),
    fetch: (branch) => ask(`git.fetch ${branch}`, () => git.fetch(branch)),
    checkPush: () => ask('git.checkPush', () => git.checkPush()),
    commit: (tree, parents, message) => {
      // A commit carries its time: made again it would be another.
      const name = createHash('sha256')
        .update(JSON.stringify([tree, parents, message]))
        .digest('hex');
      return ask(`git.commit ${name}`, () => git.commit(tree, parents, message));
    },
    push: (updates) =>
      recordCall(
        `git.push ${updates.map(({ branch, commit }) => `${branch}@${commit}`).join(' ')}`,
        () => git.push(updates),
        recording,
        { lookUp: async () => ((await isPushed(updates)) ? { answer: undefined } : null) },
      ),
  };
}
