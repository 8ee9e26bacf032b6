// Pushes that wait: the job that runs agents may not write to the repository, so what it would push is kept in its store
// for the job that may (hand-over.ts).
import type { Git } from './ports.ts';

export interface HeldBranch {
  readonly branch: string;
  readonly commit: string;
}

export interface HeldBack<Store extends Git> {
  /** The store, but for pushes: they only point branches of the store at their commits, and are always let in. */
  readonly git: Store;
  /** What was to be pushed so far, newest commit each, in the order in which the branches first came. */
  readonly branches: () => readonly HeldBranch[];
}

export function holdBack<Store extends Git>(store: Store): HeldBack<Store> {
  const held = new Map<string, string>();
  return {
    branches: () => Array.from(held, ([branch, commit]) => ({ branch, commit })),
    git: {
      ...store,
      checkPush: () => Promise.resolve(),
      push: async (updates) => {
        for (const { branch, commit } of updates) {
          await store.setBranch(branch, commit);
          held.set(branch, commit);
        }
      },
    },
  };
}
