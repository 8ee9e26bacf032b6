// A store whose reading is seen: as long as some of it is under way, a replay does not stand still.
import type { Git } from '../ports.ts';

export function watchedGit<Store extends Git>(git: Store, busy: <T>(work: Promise<T>) => Promise<T>): Store {
  return {
    ...git,
    readFile: (commit, path) => busy(git.readFile(commit, path)),
    listFiles: (commit) => busy(git.listFiles(commit)),
    grep: (commit, words) => busy(git.grep(commit, words)),
    treeOf: (commit) => busy(git.treeOf(commit)),
    writeFiles: (commit, files) => busy(git.writeFiles(commit, files)),
    restore: (tree, from, paths) => busy(git.restore(tree, from, paths)),
    merge: (ours, theirs) => busy(git.merge(ours, theirs)),
    isAncestor: (ancestor, commit) => busy(git.isAncestor(ancestor, commit)),
    changedFiles: (from, to) => busy(git.changedFiles(from, to)),
    diff: (from, to) => busy(git.diff(from, to)),
    setBranch: (branch, commit) => busy(git.setBranch(branch, commit)),
  };
}
