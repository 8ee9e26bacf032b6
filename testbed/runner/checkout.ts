// Stands in for actions/checkout with `persist-credentials: false`.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface Checkout {
  readonly cloneUrl: string;
  readonly token: string;
  /** An empty or missing directory. */
  readonly directory: string;
  /** `main` unless given. */
  readonly branch?: string;
  /** `fetch-depth`: 1 unless given; 0 fetches all branches with their history. */
  readonly depth?: number;
  /** The commit of the event, GITHUB_SHA; the branch's head unless given. */
  readonly commit?: string;
}

/**
 * Leaves a working copy of the branch whose remote `origin` holds no credential, and returns its commit. Rejects, as
 * the action fails, for a branch that does not exist: an empty repository cannot be checked out.
 */
export async function checkout(options: Checkout): Promise<string> {
  const { cloneUrl, token, directory, branch = 'main', depth = 1, commit } = options;
  await mkdir(directory, { recursive: true });
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', directory, ...args], { env })).stdout.trim();
  const header = `http.${cloneUrl}.extraheader=AUTHORIZATION: basic ${credentials}`;
  await git('init', '--quiet', `--initial-branch=${branch}`);
  await git('remote', 'add', 'origin', cloneUrl);
  const tracked =
    depth === 0
      ? '+refs/heads/*:refs/remotes/origin/*'
      : `+${commit ?? `refs/heads/${branch}`}:refs/remotes/origin/${branch}`;
  const shallow = depth === 0 ? [] : [`--depth=${String(depth)}`];
  await git('-c', header, '-c', 'protocol.version=2', 'fetch', '--quiet', '--no-tags', ...shallow, 'origin', tracked);
  const head = commit ?? `refs/remotes/origin/${branch}`;
  await git('checkout', '--quiet', '--force', '--no-track', '-B', branch, head);
  return git('rev-parse', 'HEAD');
}
