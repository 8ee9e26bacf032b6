// The bare repositories behind the server: made with real git, read with real git.
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Nothing of the machine's own git configuration reaches a repository of the bed. */
export const gitEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/**
 * What a job's token cannot do: bring in commits that touch workflow files. The words are GitHub's.
 * `BED_PUSHER` is `app` for such a token; see git-http.ts.
 */
const updateHook = `#!/bin/sh
[ "$BED_PUSHER" = app ] || exit 0
case "$3" in *[!0]*) ;; *) exit 0 ;; esac
file=$(git log --format= --name-only "$3" --not --all -- .github/workflows | head -n 1)
[ -z "$file" ] && exit 0
echo "refusing to allow a GitHub App to create or update workflow \\\`$file\\\` without \\\`workflows\\\` permission" >&2
exit 1
`;

/** Makes an empty bare repository that, like GitHub, serves any commit it has by its id. */
export async function createBareRepository(directory: string, defaultBranch: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, 'init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`);
  await git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git(directory, 'config', 'uploadpack.allowFilter', 'true');
  await git(directory, 'config', 'receive.autogc', 'false');
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(join(directory, 'hooks', 'update'), updateHook);
  await chmod(join(directory, 'hooks', 'update'), 0o755);
}

/** Runs git in a repository and returns its trimmed output. Rejects with git's own words when git fails. */
export const git = async (directory: string, ...args: readonly string[]): Promise<string> =>
  (await gitOutput(directory, ...args)).trim();

/** The same, untrimmed. */
export function gitOutput(directory: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: gitEnvironment, maxBuffer: 1 << 28 };
    execFile('git', ['-C', directory, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`git ${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
  });
}

/** Like `git`, but null when git fails: for questions whose answer may be no. */
export function tryGit(directory: string, ...args: readonly string[]): Promise<string | null> {
  return git(directory, ...args).catch(() => null);
}

/** The commit a branch points at; null when there is no such branch. */
export function branchHead(directory: string, branch: string): Promise<string | null> {
  return tryGit(directory, 'rev-parse', '--quiet', '--verify', `refs/heads/${branch}^{commit}`);
}
