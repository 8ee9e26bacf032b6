// What a person would see on GitHub afterwards.
import * as z from 'zod';
import type { GitHubServer } from '../testbed/github/types.ts';

const pulls = z.array(
  z.object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullable(),
    draft: z.boolean(),
    state: z.string(),
    head: z.object({ ref: z.string() }),
    base: z.object({ ref: z.string() }),
  }),
);
const comments = z.array(z.object({ body: z.string(), user: z.object({ login: z.string() }) }));

export interface PullRequestShown {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly head: string;
  readonly base: string;
}

export interface DemoResult {
  readonly pullRequests: readonly PullRequestShown[];
  /** Comments on the issue, then on the pull requests, oldest first. */
  readonly comments: readonly { readonly on: number; readonly author: string; readonly body: string }[];
}

/** Asks the embedded GitHub. Throws for an answer of another shape: the emulator has changed then. */
export async function readResult(github: GitHubServer, repository: string, issueNumber: number): Promise<DemoResult> {
  const open = pulls.parse((await github.api('GET', `/repos/${repository}/pulls?state=open`)).body);
  const threads = await Promise.all(
    [issueNumber, ...open.map(({ number }) => number)].map(async (on) => {
      const { body } = await github.api('GET', `/repos/${repository}/issues/${on}/comments`);
      return comments.parse(body).map((comment) => ({ on, author: comment.user.login, body: comment.body }));
    }),
  );
  return {
    pullRequests: open.map(({ number, title, body, draft, head, base }) => ({
      number,
      title,
      body: body ?? '',
      draft,
      head: head.ref,
      base: base.ref,
    })),
    comments: threads.flat(),
  };
}

/** True when the action succeeded and exactly one pull request is open and ready for review. */
export function isReady(exitCode: number | null, { pullRequests }: Pick<DemoResult, 'pullRequests'>): boolean {
  return exitCode === 0 && pullRequests.length === 1 && pullRequests.every(({ draft }) => !draft);
}
