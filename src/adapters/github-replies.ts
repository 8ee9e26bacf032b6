// The parts of GitHub's replies that we read, checked as they come in: a reply that was cut off reads as an empty body.
// zod/mini: see trigger/event-payloads.ts.
import * as z from 'zod/mini';
import type { PullRequest } from '../types.ts';

/** Null for a deleted account, which GitHub shows as `ghost`. */
const user = z.nullish(z.object({ login: z.string(), id: z.optional(z.int()), type: z.optional(z.string()) }));

export const repositoryReply = z.object({ default_branch: z.string() });

/** A file of up to 1 MB; of a bigger one GitHub sends no content and says so in `encoding`. */
export const fileReply = z.object({ encoding: z.literal('base64'), content: z.string() });

export const branchReply = z.object({ protected: z.boolean() });

export const rulesReply = z.array(z.object({ type: z.string() }));

/** Who the token belongs to. */
export const userReply = z.object({ login: z.string() });

/** `role_name` may be a custom role; `permission` is then the nearest of GitHub's own. */
export const permissionReply = z.object({ permission: z.string(), role_name: z.optional(z.string()) });

export const issueReply = z.object({
  title: z.string(),
  body: z.nullish(z.string()),
  user,
  html_url: z.string(),
  pull_request: z.optional(z.unknown()),
});

export const savedCommentReply = z.pipe(
  z.object({ id: z.int(), html_url: z.string() }),
  z.transform(({ id, html_url: url }) => ({ id, url })),
);

export const commentsReply = z.array(
  z.pipe(
    z.object({
      id: z.int(),
      html_url: z.string(),
      user,
      body: z.nullish(z.string()),
      created_at: z.string(),
      updated_at: z.string(),
    }),
    z.transform((reply) => ({
      id: reply.id,
      url: reply.html_url,
      author: loginOf(reply.user),
      isBot: reply.user?.type === 'Bot' || loginOf(reply.user).endsWith('[bot]'),
      body: reply.body ?? '',
      createdAt: reply.created_at,
      updatedAt: reply.updated_at,
    })),
  ),
);

export const pullRequestReply = z.pipe(
  z.object({
    number: z.int(),
    html_url: z.string(),
    title: z.string(),
    body: z.nullish(z.string()),
    draft: z.optional(z.boolean()),
    state: z.enum(['open', 'closed']),
    user,
    head: z.object({ ref: z.string(), sha: z.string(), repo: z.nullish(z.object({ full_name: z.string() })) }),
    base: z.object({ ref: z.string() }),
  }),
  z.transform((reply): PullRequest => ({
    number: reply.number,
    url: reply.html_url,
    title: reply.title,
    body: reply.body ?? '',
    draft: reply.draft ?? false,
    state: reply.state,
    author: loginOf(reply.user),
    authorId: reply.user?.id ?? null,
    headBranch: reply.head.ref,
    headCommit: reply.head.sha,
    headRepository: reply.head.repo?.full_name ?? null,
    baseBranch: reply.base.ref,
  })),
);

/** Of a listing. */
export const pullRequestsReply = z.array(pullRequestReply);

/** The login of a reply's user. */
export const loginOf = (author: z.infer<typeof user>): string => author?.login ?? 'ghost';
