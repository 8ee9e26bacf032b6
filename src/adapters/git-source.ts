// Reads what a run must know of the user's checkout. Changes nothing there and runs none of its hooks.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunError } from '../errors.ts';
import { GitFailure, gitText, runGit } from './git-process.ts';

/** The oldest git with `merge-tree --write-tree` and `cat-file` as we use them: release notes of git 2.38. */
const oldestGit = [2, 38] as const;

/** The user's repository. For a linked worktree `gitDir` is the common directory, which holds objects and branches. */
export interface Source {
  readonly gitDir: string;
  readonly objectsPath: string;
  readonly objectFormat: 'sha1' | 'sha256';
  /** Content of git's `shallow` file: where the history of a shallow clone ends. Empty for a full one. */
  readonly shallow: string;
  /** Null when there is no commit yet. */
  readonly headCommit: string | null;
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  /** Tracked files differ from HEAD. */
  readonly dirty: boolean;
}

/** The checkout may belong to another user, as in a container job; it is only read, and by absolute path. */
const inProject = (projectDir: string): readonly string[] => ['-c', 'safe.directory=*', '-C', projectDir];

async function checkVersion(): Promise<void> {
  const text = await gitText({ gitDir: null, args: ['version'] });
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const older = Number(major) < oldestGit[0] || (Number(major) === oldestGit[0] && Number(minor) < oldestGit[1]);
  if (older) throw new RunError('git-too-old', { version: text.replace('git version ', '') });
}

async function readLayout(projectDir: string): Promise<readonly string[]> {
  const args = [
    ...inProject(projectDir),
    'rev-parse',
    '--git-common-dir',
    '--git-path',
    'objects',
    '--git-path',
    'shallow',
    '--show-object-format',
  ];
  return (await gitText({ gitDir: null, args })).split('\n');
}

/** HEAD, branch and dirtiness from one call. `--no-optional-locks` keeps the user's index as it is. */
async function readState(projectDir: string): Promise<Pick<Source, 'headCommit' | 'branch' | 'dirty'>> {
  const args = [
    '--no-optional-locks',
    ...inProject(projectDir),
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
    '--ignore-submodules=all',
  ];
  const lines = (await runGit({ gitDir: null, args })).stdout.toString().split('\n').filter(Boolean);
  const header = (name: string): string | null =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length) ?? null;
  const commit = header('oid');
  const branch = header('head');
  return {
    headCommit: commit === '(initial)' ? null : commit,
    branch: branch === '(detached)' ? null : branch,
    dirty: lines.some((line) => !line.startsWith('#')),
  };
}

/**
 * Finds the repository that holds `projectDir`.
 * Throws RunError `not-a-repository`, `git-missing` or `git-too-old`.
 */
export async function openSource(projectDir: string): Promise<Source> {
  const from = resolve(projectDir);
  try {
    const [, layout, state] = await Promise.all([checkVersion(), readLayout(from), readState(from)]);
    const [gitDir = '', objects = '', shallow = '', format = 'sha1'] = layout;
    return {
      gitDir: resolve(from, gitDir),
      objectsPath: resolve(from, objects),
      objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
      shallow: await readFile(resolve(from, shallow), 'utf8').catch(() => ''),
      ...state,
    };
  } catch (error) {
    if (error instanceof GitFailure) throw new RunError('not-a-repository', { path: projectDir }, error);
    throw error;
  }
}
