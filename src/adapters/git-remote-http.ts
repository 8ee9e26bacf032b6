// Pushes to and fetches from a server over HTTP. The token is in the environment of the one child that needs it.
import { isRunError, RunError } from '../errors.ts';
import type { BranchUpdate } from '../ports.ts';
import type { GitProtocol } from './git-environment.ts';
import { assertObjectId, GitFailure, runGit, type GitResult } from './git-process.ts';
import { remoteError, type Remote, type RemoteOptions } from './git-remote.ts';

type HttpOptions = Extract<RemoteOptions, { kind: 'http' }>;

/**
 * A redirect would carry the token to another host, so none is followed. A transfer slower than 1 kB/s for a minute
 * counts as lost.
 */
export const httpArguments: readonly string[] = [
  '-c',
  'http.followRedirects=false',
  '-c',
  'http.lowSpeedLimit=1000',
  '-c',
  'http.lowSpeedTime=60',
];

/** Branches by name and nothing with them: no tags, no submodules, no hook of ours. */
const pushFlags = ['--no-progress', '--no-verify', '--no-follow-tags', '--no-recurse-submodules', '--no-signed'];

function protocolOf(url: string): GitProtocol {
  const { protocol, username, password } = new URL(url);
  if (username !== '' || password !== '') throw new Error('a remote URL must not carry a credential');
  if (protocol === 'https:') return 'https';
  if (protocol === 'http:') return 'http';
  throw new Error(`git pushes over http(s) only, not ${protocol}`);
}

/** Config through the environment: argv is readable by every user of the machine, /proc/PID/environ only by its owner. */
function authorization({ url, token }: HttpOptions): Readonly<Record<string, string>> {
  if (token === null) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
  };
}

/** The first branch that `push --porcelain` names as refused for its own sake. */
function refusedBranch(stdout: string, updates: readonly BranchUpdate[]): { branch: string; why: string } {
  const rows = stdout.split('\n').filter((line) => line.startsWith('!'));
  const own = rows.find((line) => !line.includes('atomic push failed')) ?? rows[0];
  const [, refs = '', why = ''] = own?.split('\t') ?? [];
  const branch = refs.split(':refs/heads/')[1] ?? updates.map((update) => update.branch).join(', ');
  return { branch, why };
}

type ReadHeads = (branches: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/**
 * A push counts as done when the remote, asked afterwards, has each commit: what a server says of a push is its word. One
 * whose reply was lost is sent once more where it did not arrive.
 */
function surely(send: Remote['push'], readHeads: ReadHeads): Remote['push'] {
  const missing = async (updates: readonly BranchUpdate[]): Promise<BranchUpdate | undefined> => {
    const heads = await readHeads(updates.map(({ branch }) => branch));
    return updates.find(({ branch, commit }) => heads.get(branch) !== commit);
  };
  return async (updates) => {
    if (updates.length === 0) return;
    try {
      await send(updates);
    } catch (error) {
      if (!(isRunError(error) && error.code === 'github-unavailable')) throw error;
      if ((await missing(updates)) === undefined) return;
      await send(updates);
    }
    const lost = await missing(updates);
    if (lost === undefined) return;
    throw new RunError('push-refused', {
      branch: lost.branch,
      detail: 'the remote took it, but has another commit there',
    });
  };
}

/**
 * Asks for the heads of some branches in one request, on its way while other things are opened. Each answer is for the first
 * who asks for that branch; a failure is theirs.
 */
export function askHeads(options: HttpOptions, branches: readonly string[]): Map<string, Promise<string | null>> {
  const heads = lsRemote(options, null, branches);
  return new Map(
    branches.map((branch) => {
      const head = heads.then((found) => found.get(branch) ?? null);
      head.catch(() => undefined);
      return [branch, head];
    }),
  );
}

async function lsRemote(
  options: HttpOptions,
  gitDir: string | null,
  branches: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const refs = branches.map((branch) => `refs/heads/${branch}`);
  const args = [...httpArguments, 'ls-remote', '--refs', '--', options.url, ...refs];
  const protocol = protocolOf(options.url);
  try {
    // Where there is no store yet, a name that is none: git would look for a repository, and its config, on its own.
    const { stdout } = await runGit({ gitDir: gitDir ?? '/nonexistent', protocol, env: authorization(options), args });
    const rows = stdout.toString().matchAll(/^([0-9a-f]+)\trefs\/heads\/(.+)$/gm);
    return new Map(Array.from(rows, ([, id = '', branch = '']) => [branch, id]));
  } catch (error) {
    throw error instanceof GitFailure ? remoteError(error.stderr, branches[0] ?? '', 'read') : error;
  }
}

/** The remote of an Action's run. `gitDir` is our store. */
export function createHttpRemote(gitDir: string, options: HttpOptions): Remote {
  const protocol = protocolOf(options.url);
  const env = authorization(options);
  const run = (args: readonly string[]): Promise<GitResult> =>
    runGit({ gitDir, protocol, env, args: [...httpArguments, ...args] });

  const branchHead = async (branch: string): Promise<string | null> => {
    const asked = options.asked?.get(branch);
    options.asked?.delete(branch);
    return asked ?? (await lsRemote(options, gitDir, [branch])).get(branch) ?? null;
  };

  const fetch = async (branch: string): Promise<string> => {
    const refspec = `+refs/heads/${branch}:refs/fetched/${branch}`;
    const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
    try {
      await run(['-c', 'fetch.fsckObjects=true', 'fetch', ...quiet, '--', options.url, refspec]);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      if (error.stderr.includes("couldn't find remote ref"))
        throw new RunError('base-branch-missing', { branch }, error);
      throw remoteError(error.stderr, branch, 'read');
    }
    const { stdout } = await runGit({ gitDir, args: ['rev-parse', '--verify', `refs/fetched/${branch}`] });
    return stdout.toString().trim();
  };

  const check = async (branch: string, commit: string): Promise<void> => {
    try {
      await run([
        'push',
        '--dry-run',
        ...pushFlags,
        '--',
        options.url,
        `+${assertObjectId(commit)}:refs/heads/${branch}`,
      ]);
    } catch (error) {
      throw error instanceof GitFailure ? remoteError(error.stderr, branch, 'push') : error;
    }
  };

  const send = async (updates: readonly BranchUpdate[]): Promise<void> => {
    const leases = updates.map((one) => {
      const expected = one.expected === null ? '' : assertObjectId(one.expected);
      return `--force-with-lease=refs/heads/${one.branch}:${expected}`;
    });
    const refspecs = updates.map((one) => `${assertObjectId(one.commit)}:refs/heads/${one.branch}`);
    try {
      await run(['push', '--porcelain', '--atomic', ...pushFlags, ...leases, '--', options.url, ...refspecs]);
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      const { branch, why } = refusedBranch(error.stdout, updates);
      throw remoteError(`${error.stderr}\n${why}`, branch, 'push');
    }
  };

  return { branchHead, fetch, check, push: surely(send, (branches) => lsRemote(options, gitDir, branches)) };
}
