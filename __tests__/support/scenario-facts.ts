// What GitHub holds after a run, read from outside the product.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { GitHubServer } from '../../testbed/github/types.ts';

const login = z.object({ login: z.string() }).transform((user) => user.login);
const comment = z.object({ id: z.number(), user: login, body: z.string() });
const reaction = z.object({ user: login, content: z.string() });
const pullRequest = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  draft: z.boolean(),
  html_url: z.string(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string() }),
});

export type CommentFact = z.infer<typeof comment>;
export type PullRequestFact = z.infer<typeof pullRequest>;

export interface RepositoryFacts {
  comments(issueNumber: number): Promise<readonly CommentFact[]>;
  /** Contents of the reactions on `issues/7` or `issues/comments/3`. */
  reactions(target: string): Promise<readonly string[]>;
  pullRequests(): Promise<readonly PullRequestFact[]>;
  /** Commit by branch name. */
  branches(): Promise<Readonly<Record<string, string>>>;
  /** Content of a file on a branch; rejects when there is none. */
  fileOn(branch: string, path: string): Promise<string>;
  /** Subjects of a branch's commits, newest first. */
  subjects(branch: string): Promise<readonly string[]>;
  /** Everything that git stores for the repository, as one text. */
  allObjects(): Promise<string>;
}

export function repositoryFacts(github: GitHubServer, repository: string): RepositoryFacts {
  const get = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
    shape.parse((await github.api('GET', `/repos/${repository}/${path}`)).body);
  const git = async (...args: readonly string[]): Promise<string> => {
    const directory = github.bareRepository(repository);
    return (await promisify(execFile)('git', ['-C', directory, ...args], { maxBuffer: 1 << 28 })).stdout;
  };
  const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);
  return {
    comments: (issueNumber) => get(`issues/${issueNumber}/comments?per_page=100`, z.array(comment)),
    reactions: async (target) => (await get(`${target}/reactions`, z.array(reaction))).map((one) => one.content),
    pullRequests: () => get('pulls?state=all', z.array(pullRequest)),
    async branches() {
      const refs = linesOf(await git('for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads'));
      return Object.fromEntries(refs.map((ref) => ref.split(' ')));
    },
    fileOn: (branch, path) => git('show', `refs/heads/${branch}:${path}`),
    subjects: async (branch) => linesOf(await git('log', '--format=%s', `refs/heads/${branch}`)),
    allObjects: () => git('cat-file', '--batch-all-objects', '--batch', '--unordered'),
  };
}
