// Pushes branches and tells the run of each.
import type { BranchUpdate, Git, Reporter } from '../ports.ts';

/** All or none. @throws RunError `push-refused` and what else git says */
export async function pushBranches(
  updates: readonly BranchUpdate[],
  deps: { readonly git: Git; readonly reporter: Reporter },
): Promise<void> {
  await deps.git.push(updates);
  for (const { branch, commit } of updates) deps.reporter.emit({ type: 'branch.pushed', branch, commit });
}
