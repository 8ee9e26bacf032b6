// The comments of a thread that may speak to agents: written by people with write access, before the trigger.
import type { GitHub } from '../ports.ts';
import type { Trigger, UnreadComments } from '../types.ts';
import { writers } from './authorize.ts';
import { ownMarker } from './read-command.ts';

export type Comment = Awaited<ReturnType<GitHub['comments']>>[number];

/** How many people are asked for; the comments of any more are not read. Each costs one request. */
export const maxAuthors = 10;

export interface SortedComments {
  /** In the order given. */
  readonly trusted: readonly Comment[];
  /** All others but our own and the command that started the run, each with the reason why it is not read. */
  readonly unread: readonly (Pick<Comment, 'author'> & { readonly reason: string })[];
}

/**
 * Trusted are comments of people with write access that were written and last edited before the trigger. Left out: our own,
 * those of bots, and the one that started the run. Who cannot be told to have write access is left out too.
 */
export async function trustedComments(
  trigger: Pick<Trigger, 'at' | 'actor' | 'commentId'>,
  comments: readonly Comment[],
  github: Pick<GitHub, 'permission'>,
): Promise<SortedComments> {
  const others = comments.filter(({ id, body }) => id !== trigger.commentId && !body.includes(ownMarker));
  const readable = others.filter((comment) => refusal(comment, trigger) === null);
  // The actor comes first: a crowd of strangers must not push out the one who asked.
  const authors = new Set(readable.map((comment) => comment.author));
  const ordered = [...authors].sort((a, b) => Number(b === trigger.actor) - Number(a === trigger.actor));
  const refused = await withoutWriteAccess(ordered.slice(0, maxAuthors), github);
  const unasked = `not among the ${maxAuthors} people who were asked for`;
  const reasonOf = (comment: Comment): string | null =>
    refusal(comment, trigger) ??
    (ordered.indexOf(comment.author) < maxAuthors ? null : unasked) ??
    refused.get(comment.author) ??
    null;
  return {
    trusted: others.filter((comment) => reasonOf(comment) === null),
    unread: others.flatMap((comment) => {
      const reason = reasonOf(comment);
      return reason === null ? [] : [{ author: comment.author, reason }];
    }),
  };
}

/** Counted by author and reason, in the order of their first. */
export function countUnread(unread: SortedComments['unread']): readonly UnreadComments[] {
  const counts = new Map<string, UnreadComments>();
  for (const { author, reason } of unread) {
    const key = JSON.stringify([author, reason]);
    counts.set(key, { author, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Why a comment is not read, whoever wrote it; null when that depends on the author. */
function refusal({ isBot, createdAt, updatedAt }: Comment, { at }: Pick<Trigger, 'at'>): string | null {
  if (isBot) return 'a bot';
  if (at === null || (isBefore(createdAt, at) && isBefore(updatedAt, at))) return null;
  return isBefore(createdAt, at) ? 'edited after the run was asked for' : 'written after the run was asked for';
}

/** By instants, not by text: times come with and without fractions. An unreadable time is never before. */
const isBefore = (time: string, limit: string): boolean => Date.parse(time) < Date.parse(limit);

/** Who may not speak, each with the reason. */
async function withoutWriteAccess(
  logins: readonly string[],
  github: Pick<GitHub, 'permission'>,
): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.allSettled(logins.map((login) => github.permission(login)));
  return new Map(
    logins.flatMap((login, index) => {
      const answer = answers[index];
      if (answer?.status !== 'fulfilled') return [[login, 'GitHub did not say whether they have write access']];
      return writers.includes(answer.value) ? [] : [[login, 'no write access']];
    }),
  );
}
