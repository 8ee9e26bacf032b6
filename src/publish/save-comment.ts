// One comment of ours, however often a run was killed between writing it and knowing that it is written.
import type { GitHub, SavedComment } from '../ports.ts';

export interface CommentPlace {
  readonly github: Pick<GitHub, 'findComment' | 'createComment' | 'updateComment'>;
  readonly issueNumber: number;
  /** First lines that it may carry already (see effect-marker.ts). */
  readonly markers: readonly string[];
}

/** Edits the comment: the one with this id, else the one that carries a marker; where there is none, it is made. */
export async function saveComment(
  { github, issueNumber, markers }: CommentPlace,
  knownId: number | null,
  body: string,
): Promise<SavedComment> {
  const id = knownId ?? (await github.findComment(issueNumber, markers))?.id ?? null;
  return id === null ? github.createComment(issueNumber, body) : github.updateComment(id, body);
}
