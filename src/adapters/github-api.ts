// The GitHub port on Octokit: one repository, one token.
import type { Clock, GitHub, Permission } from '../ports.ts';
import type { RepositoryName } from '../types.ts';
import { createComments } from './github-comments.ts';
import { createOctokit, type Connection } from './github-connection.ts';
import { createGraphql, graphqlUrlOf } from './github-graphql.ts';
import { createGuards } from './github-guards.ts';
import { operations } from './github-operations.ts';
import { createPullRequests } from './github-pull-requests.ts';
import { issueReply, loginOf, permissionReply, repositoryReply } from './github-replies.ts';
import { createCall, type GitHubRetry } from './github-retry.ts';

export interface GitHubOptions {
  /** GITHUB_API_URL; never a literal of ours. */
  readonly apiUrl: string;
  /** GITHUB_GRAPHQL_URL; made from the API's where it is not given. */
  readonly graphqlUrl?: string | undefined;
  readonly token: string;
  readonly repository: RepositoryName;
  readonly clock: Clock;
  /** Told before each wait for another attempt. */
  readonly onRetry: (retry: GitHubRetry) => void;
  /** For each request, with its reply. */
  readonly timeoutMs?: number;
}

const roles: readonly Permission[] = ['admin', 'maintain', 'write', 'triage', 'read', 'none'];

/**
 * Every method throws RunError `github-bad-token`, `github-permission`, `github-not-found`, `github-refused` or
 * `github-unavailable`; the last only after up to four attempts. No network until the first call.
 */
export function createGitHub(options: GitHubOptions): GitHub {
  const { apiUrl, graphqlUrl, token, repository, clock, onRetry, timeoutMs = 30_000 } = options;
  const connection: Connection = {
    octokit: createOctokit(apiUrl, token, timeoutMs),
    call: createCall(clock, onRetry),
    owner: repository.owner,
    repo: repository.name,
    graphqlUrl: graphqlUrl || graphqlUrlOf(apiUrl),
  };
  return {
    ...createReads(connection),
    ...createGraphql(connection),
    ...createGuards(connection),
    ...createComments(connection),
    ...createPullRequests(connection),
  };
}

function createReads({
  octokit,
  call,
  owner,
  repo,
}: Connection): Pick<GitHub, 'permission' | 'defaultBranch' | 'issue'> {
  return {
    permission: (login) =>
      call(operations.readPermission, async () => {
        const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
        const { data } = await octokit.request(route, { owner, repo, username: login });
        const reply = permissionReply.parse(data);
        // A custom role has a name of its own; GitHub then gives the nearest of the known ones beside it.
        return (
          roles.find((role) => role === reply.role_name) ?? roles.find((role) => role === reply.permission) ?? 'none'
        );
      }),
    defaultBranch: () =>
      call(operations.readRepository, async () => {
        const { data } = await octokit.request('GET /repos/{owner}/{repo}', { owner, repo });
        return repositoryReply.parse(data).default_branch;
      }),
    issue: (number) =>
      call(operations.readIssue, async () => {
        const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}';
        const { data } = await octokit.request(route, { owner, repo, issue_number: number });
        const { title, body, user, html_url: url, pull_request: pull } = issueReply.parse(data);
        return { title, body: body ?? '', author: loginOf(user), url, isPullRequest: Boolean(pull) };
      }),
  };
}
