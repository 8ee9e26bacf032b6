// Commits and merges, made on objects: no index, no working tree, no hook.
import type { Clock, Git, MergeResult } from '../ports.ts';
import { assertObjectId, gitText, runGit } from './git-process.ts';

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface HistoryOptions {
  readonly gitDir: string;
  readonly author: Author;
  readonly clock: Pick<Clock, 'now'>;
}

/** Author and committer are ours, whatever the machine's config says; the time is the clock's, in UTC. */
function identity({ author, clock }: HistoryOptions): Readonly<Record<string, string>> {
  const date = `${Math.floor(clock.now() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
}

/** Parses `merge-tree -z --name-only --no-messages`: the tree, then each path in conflict (once for each stage kind). */
function parseMerge(code: number, output: string): MergeResult {
  const [tree = '', ...paths] = output.split('\0').filter(Boolean);
  return { tree, conflicts: code === 0 ? [] : [...new Set(paths)] };
}

export function createHistory(
  options: HistoryOptions,
): Pick<Git, 'commit' | 'merge' | 'isAncestor' | 'commitsBetween'> {
  const { gitDir } = options;
  return {
    commit: (tree, parents, message) => {
      const args = ['commit-tree', assertObjectId(tree), ...parents.flatMap((id) => ['-p', assertObjectId(id)])];
      return gitText({ gitDir, args, input: message, env: identity(options) });
    },
    merge: async (ours, theirs) => {
      const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages'];
      const commits = [assertObjectId(ours), assertObjectId(theirs)];
      const { code, stdout } = await runGit({ gitDir, args: [...args, ...commits], accept: [0, 1] });
      return parseMerge(code, stdout.toString());
    },
    isAncestor: async (ancestor, commit) => {
      const args = ['merge-base', '--is-ancestor', assertObjectId(ancestor), assertObjectId(commit)];
      return (await runGit({ gitDir, args, accept: [0, 1] })).code === 0;
    },
    commitsBetween: async (base, head, max) => {
      const range = [assertObjectId(head), `^${assertObjectId(base)}`, '--'];
      const { stdout } = await runGit({ gitDir, args: ['rev-list', '--parents', `--max-count=${max}`, ...range] });
      return stdout
        .toString()
        .split('\n')
        .filter(Boolean)
        .map((row) => row.split(' '))
        .map(([id = '', ...parents]) => ({ id, parents }));
    },
  };
}
