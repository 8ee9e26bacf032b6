// What GitHub works out about a pull request from git: heads, counts, and whether it merges.
import { branchHead, git, tryGit } from './bare-repository.ts';

export interface PullHeads {
  readonly head: string;
  readonly base: string;
}

export interface PullCounts {
  readonly commits: number;
  readonly changed_files: number;
  readonly additions: number;
  readonly deletions: number;
}

/** The commits both branches are at now; null when one of them is gone. */
export async function pullHeads(directory: string, headBranch: string, baseBranch: string): Promise<PullHeads | null> {
  const [head, base] = await Promise.all([branchHead(directory, headBranch), branchHead(directory, baseBranch)]);
  return head === null || base === null ? null : { head, base };
}

/** Commits that only the head has, and the changes since both parted. */
export async function pullCounts(directory: string, { head, base }: PullHeads): Promise<PullCounts> {
  const commits = Number(await git(directory, 'rev-list', '--count', `${base}..${head}`));
  const lines = ((await tryGit(directory, 'diff', '--numstat', `${base}...${head}`)) ?? '').split('\n').filter(Boolean);
  const sum = (column: number): number =>
    lines.reduce((total, line) => total + (Number(line.split('\t')[column]) || 0), 0);
  return { commits, changed_files: lines.length, additions: sum(0), deletions: sum(1) };
}

/** Whether the branches merge without a conflict. */
export async function merges(directory: string, { head, base }: PullHeads): Promise<boolean> {
  return (await tryGit(directory, 'merge-tree', '--write-tree', base, head)) !== null;
}
