// The parts of GitHub's replies that we read, checked as they come in: a reply that was cut off reads as an empty body.
import * as z from 'zod';
import type { PullRequest } from '../types.ts';

/** Null for a deleted account, which GitHub shows as `ghost`. */
const user = z.object({ login: z.string(), type: z.string().optional() }).nullish();

export const repositoryReply = z.object({ default_branch: z.string() });

/** `role_name` may be a custom role; `permission` is then the nearest of GitHub's own. */
export const permissionReply = z.object({ permission: z.string(), role_name: z.string().optional() });

export const issueReply = z.object({
  title: z.string(),
  body: z.string().nullish(),
  user,
  html_url: z.string(),
  pull_request: z.unknown().optional(),
});

export const savedCommentReply = z
  .object({ id: z.int(), html_url: z.string() })
  .transform(({ id, html_url: url }) => ({ id, url }));

export const commentsReply = z.array(
  z
    .object({
      id: z.int(),
      html_url: z.string(),
      user,
      body: z.string().nullish(),
      created_at: z.string(),
      updated_at: z.string(),
    })
    .transform((reply) => ({
      id: reply.id,
      url: reply.html_url,
      author: loginOf(reply.user),
      isBot: reply.user?.type === 'Bot' || loginOf(reply.user).endsWith('[bot]'),
      body: reply.body ?? '',
      createdAt: reply.created_at,
      updatedAt: reply.updated_at,
    })),
);

export const pullRequestReply = z
  .object({
    number: z.int(),
    html_url: z.string(),
    title: z.string(),
    body: z.string().nullish(),
    draft: z.boolean().optional(),
    state: z.enum(['open', 'closed']),
    user,
    head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
    base: z.object({ ref: z.string() }),
  })
  .transform((reply): PullRequest => ({
    number: reply.number,
    url: reply.html_url,
    title: reply.title,
    body: reply.body ?? '',
    draft: reply.draft ?? false,
    state: reply.state,
    author: loginOf(reply.user),
    headBranch: reply.head.ref,
    headCommit: reply.head.sha,
    headRepository: reply.head.repo?.full_name ?? null,
    baseBranch: reply.base.ref,
  }));

/** The login of a reply's user. */
export const loginOf = (author: z.infer<typeof user>): string => author?.login ?? 'ghost';
