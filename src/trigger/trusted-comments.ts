// The comments of a thread that may speak to agents: written by people with write access, before the trigger.
import type { GitHub } from '../ports.ts';
import type { Trigger } from '../types.ts';
import { writers } from './authorize.ts';
import { ownMarker } from './read-command.ts';

export type Comment = Awaited<ReturnType<GitHub['comments']>>[number];

/** How many people are asked for; the comments of any more are not read. Each costs one request. */
export const maxAuthors = 10;

/**
 * Comments of people with write access that were written and last edited before the trigger, in the order given. Left
 * out: our own, those of bots, and the one that started the run. Who cannot be told to have write access is left out too.
 */
export async function trustedComments(
  trigger: Pick<Trigger, 'at' | 'actor' | 'commentId'>,
  comments: readonly Comment[],
  github: Pick<GitHub, 'permission'>,
): Promise<readonly Comment[]> {
  const readable = comments.filter((comment) => mayBeRead(comment, trigger));
  // The actor comes first: a crowd of strangers must not push out the one who asked.
  const authors = new Set(readable.map((comment) => comment.author));
  const ordered = [...authors].sort((a, b) => Number(b === trigger.actor) - Number(a === trigger.actor));
  const trusted = await withWriteAccess(ordered.slice(0, maxAuthors), github);
  return readable.filter((comment) => trusted.has(comment.author));
}

function mayBeRead(comment: Comment, { at, commentId }: Pick<Trigger, 'at' | 'commentId'>): boolean {
  if (comment.isBot || comment.id === commentId) return false;
  if (comment.body.includes(ownMarker)) return false;
  return at === null || (isBefore(comment.createdAt, at) && isBefore(comment.updatedAt, at));
}

/** By instants, not by text: times come with and without fractions. An unreadable time is never before. */
const isBefore = (time: string, limit: string): boolean => Date.parse(time) < Date.parse(limit);

async function withWriteAccess(logins: readonly string[], github: Pick<GitHub, 'permission'>): Promise<Set<string>> {
  const answers = await Promise.allSettled(logins.map((login) => github.permission(login)));
  return new Set(
    logins.filter((_login, index) => {
      const answer = answers[index];
      return answer?.status === 'fulfilled' && writers.includes(answer.value);
    }),
  );
}
