// Judges `finish`: by what git says changed, and by the acceptance commands, which we run.
import type { FinishInput } from '../agent/tools/finish.ts';
import { findMarkers } from './find-markers.ts';
import {
  acceptanceFault,
  emptinessFault,
  isAccepted,
  markerFault,
  ownershipFault,
  pathFaults,
  policyFault,
  type Fault,
  type PathRules,
} from './judge-work.ts';
import { readChanges, type Changes, type Work } from './work.ts';

/** Null accepts; a text goes back to the agent as the result of `finish`, and one line of it to the run. */
export async function judgeFinish(work: Work, claims: FinishInput): Promise<string | null> {
  work.judged = await readChanges(work);
  const fault = await findFault(work, work.judged, claims);
  if (fault === null) return null;
  const { kind, detail, told } = fault;
  work.deps.reporter.emit({ type: 'task.handed-back', taskId: work.task.id, kind, detail });
  return told;
}

async function findFault(work: Work, changes: Changes, claims: FinishInput): Promise<Fault | null> {
  const { input, deps } = work;
  const { changed, refused } = changes;
  const fault =
    ownershipFault([...refused, ...pathFaults(changed, rulesOf(work))]) ??
    policyFault(await deps.findBlocks(work.against, changes.tree)) ??
    markerFault(await findMarkers(changes, work.parents, deps.git)) ??
    emptinessFault(changed, claims.summary);
  if (fault !== null) return fault;
  work.checks = await deps.runAcceptance(work.tree, work.task);
  const failing = work.checks.filter((check) => !isAccepted(check, input.baseline, deps.brokenBy));
  // An agent cannot see whether a command fails for its work or in any case; we can.
  work.failsWithout = failing.length === 0 ? [] : await deps.failsWithout(work.against, failing);
  return acceptanceFault(failing, work.failsWithout);
}

/** What the task may not change, as it stands now. */
export const rulesOf = ({ task, input: { plan, diffPolicy } }: Work): PathRules => ({
  task,
  diffPolicy,
  contractPaths: plan.contract?.files.map((file) => file.path) ?? [],
});
