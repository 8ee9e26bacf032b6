// Work of a split that its owner could not bring together with the rest: one agent does it anew on the integration head.
import type { RunTasksDeps, RunTasksInput, TaskHelp } from './build-one.ts';
import type { Landing } from './integrate/land-task.ts';
import { fence } from './agent/fence.ts';
import { cutDiff } from './plan/cut-diff.ts';
import { reopenTask, type Landed } from './reopen-task.ts';

/** Characters of each of the two diffs that the agent is given: about 6,000 tokens; the rest is in its files and git. */
const DIFF_CHARS = 20_000;

/**
 * Null where there is nothing to collapse: the work landed, was not finished, never went back, or the run is to stop.
 * The new commit has both as parents, so that nothing of the work that stayed out is lost from its branch.
 * @param work `base` is the head that it was built on
 */
export async function collapseTask(
  work: Landing & { readonly base: string },
  landed: Landed,
  input: RunTasksInput,
  deps: RunTasksDeps & TaskHelp,
): Promise<Landing | null> {
  const { merge, result, base } = work;
  const { commit, task } = result;
  if (merge.status === 'merged' || merge.returns.length === 0 || commit === null) return null;
  if (input.plan.tasks.length < 2 || deps.stopReason() !== null) return null;
  const [theirs, own] = await Promise.all([deps.git.diff(base, landed.head.commit), deps.git.diff(base, commit)]);
  const reopened = collapsedText(cutDiff(own, DIFF_CHARS), cutDiff(theirs, DIFF_CHARS), input.nonce);
  // Where two meet, the files of one are not enough; protected paths and the contract stay closed all the same.
  const start = { task: { ...task, owns: ['**'] }, reopened, resolves: commit };
  return reopenTask({ ...start, before: result, merge }, landed, input, deps);
}

const collapsedText = (own: string, theirs: string, nonce: string): string => `# Bring this task together with the rest
Work for this task is done, but it could not be merged with what others did meanwhile. You alone finish it: your tree is the integrated state, with the work of the others and without that of this task. Do the task there so that both intentions survive; you may change what files that takes.

The work of this task, made on an older state:
${fence({ what: 'diff', by: 'its agent' }, own, nonce)}

What the others did since that state, which is in your tree already:
${fence({ what: 'diff', by: 'other agents' }, theirs, nonce)}`;
