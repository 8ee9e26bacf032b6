// `/ai-implement stop`, and `command: stop`: asks the run that is at work on the same to stop. Started by nobody else's run.
import { stateBranch, triggerSlug } from './branch-names.ts';
import type { Git, GitHub } from './ports.ts';
import { createBranchFile } from './state/branch-file.ts';
import { requestStop } from './state/request-stop.ts';
import { stateFile } from './state/state-record.ts';
import type { Trigger } from './types.ts';

export interface StopWorkDeps {
  readonly git: Git;
  readonly github: Pick<GitHub, 'react'>;
  readonly nowMs: number;
  readonly clean: (text: string) => string;
}

/** What came of it, in one sentence for the log. The comment that asked gets a reaction. @throws what git and GitHub say */
export async function stopWork(
  trigger: Trigger,
  { branchPrefix, commit: anyId }: { readonly branchPrefix: string; readonly commit: string },
  { git, github, ...now }: StopWorkDeps,
): Promise<string> {
  const branch = stateBranch(branchPrefix, triggerSlug(trigger));
  const file = createBranchFile({ git, anyId, branch, file: stateFile, subject: 'A run is to stop' });
  const answer = await requestStop(file, trigger.actor, now);
  if (trigger.commentId !== null) {
    const content = answer.kind === 'asked' ? 'eyes' : 'confused';
    await github.react({ kind: 'comment', id: trigger.commentId }, content);
  }
  return answer.kind === 'asked'
    ? `Run ${answer.runId} was asked to stop; it keeps what is done.`
    : 'No run is at work on this, so there is nothing to stop.';
}
