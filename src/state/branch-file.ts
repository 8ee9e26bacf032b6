// One file on a branch of ours, written without a checkout. The branch has its newest state alone, on top of the commits
// that are to be kept with it.
import { isRunError } from '../errors.ts';
import type { Git } from '../ports.ts';

type BranchGit = Pick<Git, 'remoteBranch' | 'fetch' | 'readFile' | 'writeFiles' | 'commit' | 'push'>;

export interface BranchFile {
  /** Null when the branch is not there; `text` is null when it lacks the file. */
  read(): Promise<{ readonly commit: string; readonly text: string | null } | null>;
  /** What the branch points at; null when it is not there. */
  head(): Promise<string | null>;
  /**
   * Replaces the file, if the branch still points at `expected` (null: is not there). Returns the new commit, or null when
   * somebody else was first.
   * @param parents commits that are to reach the remote with it
   */
  write(text: string, parents: readonly string[], expected: string | null): Promise<string | null>;
}

export interface BranchFileOptions {
  readonly git: BranchGit;
  readonly branch: string;
  readonly file: string;
  /** Subject of its commits. */
  readonly subject: string;
  /** Any object id of the repository: tells the kind of its hashes. */
  readonly anyId: string;
}

/** The tree without files, which git knows without having it: of sha1 and of sha256. */
const emptyTrees: Readonly<Record<number, string>> = {
  40: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  64: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
};

/** Methods throw RunError of git for all but a lost race. */
export function createBranchFile({ git, branch, file, subject, anyId }: BranchFileOptions): BranchFile {
  return {
    head: () => git.remoteBranch(branch),
    read: async () => {
      if ((await git.remoteBranch(branch)) === null) return null;
      const commit = await git.fetch(branch);
      return { commit, text: await git.readFile(commit, file) };
    },
    write: async (text, parents, expected) => {
      // With the parent's files beside it: a commit that lacks a workflow of its parent counts as changing it, and GitHub
      // refuses that from a token of a workflow.
      const beside = parents[0] ?? emptyTrees[anyId.length] ?? '';
      const tree = await git.writeFiles(beside, [{ path: file, content: text }]);
      // A repository whose workflows listen to every push is not to run them for this.
      const commit = await git.commit(tree, parents, `${subject} [skip ci]\n`);
      try {
        await git.push([{ branch, commit, expected }]);
        return commit;
      } catch (error) {
        if (!(isRunError(error) && error.code === 'push-refused')) throw error;
        // Refused for another reason than a lost race: that reason is to be told.
        if ((await git.remoteBranch(branch)) === expected) throw error;
        return null;
      }
    },
  };
}
