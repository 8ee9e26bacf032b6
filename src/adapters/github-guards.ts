// What is asked of a repository besides the work: a file of a branch, the branch's protection, the rights of our token.
import type { GitHub } from '../ports.ts';
import type { Connection } from './github-connection.ts';
import { operations } from './github-operations.ts';
import { branchReply, fileReply, rulesReply } from './github-replies.ts';

type Guards = Pick<GitHub, 'readFile' | 'branchGuard' | 'checkRights'>;

/** Validation failed; the repository is empty: both are told after the rights were looked at. */
const impossible: readonly unknown[] = [409, 422];

export function createGuards({ octokit, call, owner, repo }: Connection): Guards {
  const at = { owner, repo };
  /** Sends what cannot be done; refused for that alone, the right is there. */
  const tryOut = async (send: () => Promise<unknown>): Promise<void> => {
    try {
      await send();
    } catch (error) {
      if (!impossible.includes(Object(error).status)) throw error;
    }
  };
  return {
    readFile: (branch, path) =>
      call(operations.readFile, async () => {
        try {
          const route = 'GET /repos/{owner}/{repo}/contents/{path}';
          return textOf((await octokit.request(route, { ...at, path, ref: branch })).data);
        } catch (error) {
          if (Object(error).status === 404) return null;
          throw error;
        }
      }),
    branchGuard: async (branch) => {
      const [found, rules] = await Promise.all([
        call(operations.readBranch, async () => {
          const route = 'GET /repos/{owner}/{repo}/branches/{branch}';
          return branchReply.parse((await octokit.request(route, { ...at, branch })).data);
        }),
        call(operations.readBranch, async () => {
          const route = 'GET /repos/{owner}/{repo}/rules/branches/{branch}';
          return rulesReply.parse((await octokit.request(route, { ...at, branch, per_page: 100 })).data);
        }),
      ]);
      return { isProtected: found.protected, rules: rules.map(({ type }) => type) };
    },
    checkRights: async ({ base, ours }) => {
      await Promise.all([
        // No commit has this id.
        call(operations.pushBranches, () =>
          tryOut(() =>
            octokit.request('POST /repos/{owner}/{repo}/git/refs', {
              ...at,
              ref: `refs/heads/${ours}`,
              sha: '0'.repeat(40),
            }),
          ),
        ),
        // There is nothing between a branch and itself.
        call(operations.openPullRequest, () =>
          tryOut(() =>
            octokit.request('POST /repos/{owner}/{repo}/pulls', { ...at, title: 'check', head: base, base }),
          ),
        ),
      ]);
    },
  };
}

function textOf(data: unknown): string {
  return Buffer.from(fileReply.parse(data).content, 'base64').toString();
}
