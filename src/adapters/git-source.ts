// Reads what a run must know of the user's checkout. Changes nothing there and runs none of its hooks.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RunError } from '../errors.ts';
import { gitText, runGit, type GitResult } from './git-process.ts';

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
}

/** The checkout may belong to another user, as in a container job; it is only read, and by absolute path. */
const inProject = (projectDir: string): readonly string[] => ['-c', 'safe.directory=*', '-C', projectDir];

/**
 * Layout, head and version from one process: each one more on the way to the first model request costs it 2 ms. git tells
 * its version in the trace it writes to stderr (git-scm.com/docs/api-trace2, event `version`).
 */
async function ask(projectDir: string): Promise<GitResult> {
  const args = [
    ...inProject(projectDir),
    'rev-parse',
    '--git-common-dir',
    '--git-path',
    'objects',
    '--git-path',
    'shallow',
    '--show-object-format',
    'HEAD',
    '--symbolic-full-name',
    'HEAD',
  ];
  // Without any commit HEAD cannot be resolved: that is 128, as no repository is, but the layout was told before.
  return runGit({ gitDir: null, args, env: { GIT_TRACE2_EVENT: '2' }, accept: [0, 128] });
}

async function assertVersion(stderr: string): Promise<void> {
  const traced = /"event":"version".*?"exe":"(\d+\.\d+[\w.]*)/.exec(stderr)?.[1];
  // A git from before such traces (2.22) is too old, and can say how old it is.
  const version = traced ?? (await gitText({ gitDir: null, args: ['version'] })).replace('git version ', '');
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const older = Number(major) < oldestGit[0] || (Number(major) === oldestGit[0] && Number(minor) < oldestGit[1]);
  if (older) throw new RunError('git-too-old', { version });
}

/** Branch of an unborn HEAD, which `rev-parse` cannot name. */
async function unbornBranch(projectDir: string): Promise<string> {
  return (await gitText({ gitDir: null, args: [...inProject(projectDir), 'symbolic-ref', 'HEAD'] })).trim();
}

const branchOf = (ref: string): string | null =>
  ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;

/**
 * Finds the repository that holds `projectDir`.
 * Throws RunError `not-a-repository`, `git-missing` or `git-too-old`.
 */
export async function openSource(projectDir: string): Promise<Source> {
  const from = resolve(projectDir);
  const { code, stdout, stderr } = await ask(from);
  await assertVersion(stderr);
  const [gitDir = '', objects = '', shallow = '', format = 'sha1', head = '', ref = ''] = stdout.toString().split('\n');
  if (code !== 0 && objects === '') throw new RunError('not-a-repository', { path: projectDir });
  const born = code === 0;
  return {
    gitDir: resolve(from, gitDir),
    objectsPath: resolve(from, objects),
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    shallow: readIfThere(resolve(from, shallow)),
    headCommit: born ? head : null,
    branch: branchOf(born ? ref : await unbornBranch(from)),
  };
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** True when tracked files differ from HEAD. `--no-optional-locks` keeps the user's index as it is. */
export async function hasUncommitted(projectDir: string): Promise<boolean> {
  const flags = ['--porcelain', '--untracked-files=no', '--ignore-submodules=all'];
  const args = ['--no-optional-locks', ...inProject(resolve(projectDir)), 'status', ...flags];
  return (await gitText({ gitDir: null, args })) !== '';
}
