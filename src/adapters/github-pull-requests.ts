// The pull-request part of the GitHub port.
import type { GitHub } from '../ports.ts';
import type { PullRequest } from '../types.ts';
import type { Connection } from './github-connection.ts';
import { operations } from './github-operations.ts';
import { pullRequestReply, pullRequestsReply } from './github-replies.ts';

type PullRequests = Pick<GitHub, 'pullRequest' | 'findPullRequest' | 'openPullRequest' | 'updatePullRequest'>;

/** @returns the methods; `openPullRequest` never opens a second one for a head branch when a reply is lost. */
export function createPullRequests({ octokit, call, owner, repo }: Connection): PullRequests {
  const fullName = `${owner}/${repo}`.toLowerCase();

  const findPullRequest = (headBranch: string): Promise<PullRequest | null> =>
    call(operations.readPullRequest, async () => {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
        owner,
        repo,
        state: 'all',
        head: `${owner}:${headBranch}`,
        per_page: 100,
      });
      // GitHub ignores a `head` that it cannot read and then lists all.
      const listed = pullRequestsReply.parse(data);
      const ours = listed.filter((pr) => pr.headBranch === headBranch && pr.headRepository?.toLowerCase() === fullName);
      return ours.find((pr) => pr.state === 'open') ?? ours[0] ?? null;
    });

  return {
    findPullRequest,
    pullRequest: (number) =>
      call(operations.readPullRequest, async () => {
        const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
        const { data } = await octokit.request(route, { owner, repo, pull_number: number });
        return pullRequestReply.parse(data);
      }),
    openPullRequest: (input) =>
      call(
        operations.openPullRequest,
        async () => {
          const { data } = await octokit.request('POST /repos/{owner}/{repo}/pulls', { owner, repo, ...input });
          return pullRequestReply.parse(data);
        },
        async () => {
          const found = await findPullRequest(input.head);
          return found?.state === 'open' ? found : null;
        },
      ),
    updatePullRequest: (number, input) =>
      call(operations.updatePullRequest, async () => {
        const route = 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}';
        const { data } = await octokit.request(route, { owner, repo, pull_number: number, ...input });
        return pullRequestReply.parse(data);
      }),
  };
}
