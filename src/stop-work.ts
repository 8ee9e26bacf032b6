// `/ai-implement stop`, and `command: stop`: asks the run that is at work on the same to stop. Started by nobody else's run.
import { stateBranch, triggerSlug } from './branch-names.ts';
import type { Git, GitHub } from './ports.ts';
import { createBranchFile } from './state/branch-file.ts';
import { requestStop } from './state/request-stop.ts';
import { stateFile } from './state/state-record.ts';
import { leaveStop, stopFile } from './state/stop-note.ts';
import type { Trigger } from './types.ts';

export interface StopWorkDeps {
  readonly git: Git;
  readonly github: Pick<GitHub, 'react'>;
  readonly nowMs: number;
  readonly clean: (text: string) => string;
}

export interface StopWorkPlace {
  readonly branchPrefix: string;
  /** Any commit of the repository. */
  readonly commit: string;
  /** The run is in a job that may not write, so that no record says whether there is one: the word is left in any case. */
  readonly isUnrecorded: boolean;
}

/** What came of it, in one sentence for the log. The comment that asked gets a reaction. @throws what git and GitHub say */
export async function stopWork(
  trigger: Trigger,
  { branchPrefix, commit: anyId, isUnrecorded }: StopWorkPlace,
  { git, github, ...now }: StopWorkDeps,
): Promise<string> {
  const branch = stateBranch(branchPrefix, triggerSlug(trigger));
  const subject = 'A run is to stop';
  const file = createBranchFile({ git, anyId, branch, file: stateFile, subject });
  const answer = await requestStop(file, trigger.actor, now);
  const isLeft = answer.kind === 'nobody' && isUnrecorded;
  if (isLeft) {
    const note = createBranchFile({ git, anyId, branch, file: stopFile, subject });
    await leaveStop(note, trigger.actor, now.nowMs);
  }
  if (trigger.commentId !== null) {
    const content = answer.kind === 'asked' || isLeft ? 'eyes' : 'confused';
    await github.react({ kind: 'comment', id: trigger.commentId }, content);
  }
  if (isLeft) return 'A run that is at work on this sees within seconds that it is to stop; it keeps what is done.';
  return answer.kind === 'asked'
    ? `Run ${answer.runId} was asked to stop; it keeps what is done.`
    : 'No run is at work on this, so there is nothing to stop.';
}
