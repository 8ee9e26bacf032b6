// The parts of GitHub's webhook payloads that we read; everything else in them is dropped unread.
// zod/mini: the same schemas without methods on each, which is half the time of making them, at each start of the action.
import * as z from 'zod/mini';
import '../schema-messages.ts';
import { RunError } from '../errors.ts';

/** `id` is the number of the account, which stays when the login is given to somebody else. */
const user = z.object({ login: z.string().check(z.minLength(1)), id: z.int(), type: z.string() });

const repository = z.optional(
  z.object({ default_branch: z.string().check(z.minLength(1)), private: z.optional(z.boolean()) }),
);

const issue = z.object({
  number: z.int().check(z.positive()),
  title: z.string(),
  body: z.nullish(z.string()),
  html_url: z.string(),
  /** Null when the account was deleted. */
  user: z.nullish(z.object({ login: z.string() })),
  updated_at: z.string(),
  /** Present when the "issue" is a pull request. */
  pull_request: z.optional(z.unknown()),
});

/** `issues`: any action; `label` is there when the action is `labeled`. */
export const issuesPayload = z.object({
  action: z.string(),
  issue,
  label: z.optional(z.object({ name: z.string() })),
  sender: user,
  repository,
});

/** `issue_comment`, on an issue or on a pull request. */
export const issueCommentPayload = z.object({
  action: z.string(),
  issue,
  comment: z.object({ id: z.int().check(z.positive()), body: z.string(), created_at: z.string() }),
  sender: user,
  repository,
});

/** `workflow_dispatch`; GitHub sends `inputs: null` when the workflow has none. */
export const workflowDispatchPayload = z.object({
  inputs: z.nullish(z.record(z.string(), z.unknown())),
  sender: user,
  repository,
});

export type Sender = z.infer<typeof user>;
export type PayloadIssue = z.infer<typeof issue>;

/** The payload as its schema has it. @throws RunError `event-unreadable` naming the first field that is wrong. */
export function parsePayload<T>(schema: z.ZodMiniType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const fault = parsed.error.issues[0];
  const detail = `${fault?.path.join('.') || 'payload'}: ${fault?.message ?? 'not readable'}`;
  throw new RunError('event-unreadable', { detail }, parsed.error);
}
